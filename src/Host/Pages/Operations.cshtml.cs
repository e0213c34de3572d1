using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

/// <summary>How the system stands: optional tools, queues, doubts, parked notifications, jobs.</summary>
[Permit("workzone.operations.read")]
internal sealed class Operations(
    MediatR.IMediator mediator,
    ModuleList modules,
    Jobs.JobRunner runner,
    KeyRing ring,
    KeyRotation rotation,
    Actor actor,
    IOperatorScope scope,
    Texts t
) : PageModel, IReload
{
    public IReadOnlyList<(string Name, string Use, string Package, bool There)> Tools { get; } =
    [Tool("chromium", "打印通知和送达回证", "chromium"), Tool("qpdf", "检查和拆分 PDF", "qpdf"), Tool("pdfinfo", "检查上传的 PDF", "poppler-utils")];

    public OperationsState State { get; private set; } = new(false, [], [], []);

    public IReadOnlyList<Kernel.Jobs.RecurringJob> AllJobs => [.. modules.Declared.SelectMany(d => d.Declaration.Jobs)];

    public IReadOnlyList<RingKey> Keys => ring.All;

    public bool MaySeeServer => actor.Can(Kernel.Jobs.JobActions.Read);

    public bool MayRotate => State.Whole && actor.Can("workzone.keys.rotate");

    public Task OnGetAsync() => ReloadAsync();

    /// <summary>A new key writes from now on; the values follow in chunks, by the job that runs every ten minutes.</summary>
    public async Task<IActionResult> OnPostRotateAsync(string? reason, bool saved)
    {
        actor.Demand("workzone.keys.rotate");
        await scope.DemandAsync(HttpContext.RequestAborted);
        if ((reason ?? "").Trim().Length < 4)
            throw new RuleBroken("请写明更换密钥的事由，至少 4 个字。", "reason");
        if (!saved)
            throw new RuleBroken("请先备份 keys 文件夹并勾选确认：丢失密钥就读不出证件号码和电话。", "saved");
        var key = await rotation.RotateAsync(reason!.Trim(), HttpContext.RequestAborted);
        return this.Done("/operations", t["密钥 {0} 已启用，旧值将在后台改用新密钥", key.Id]);
    }

    public async Task ReloadAsync() => State = await mediator.Send(new ShowOperations());

    public async Task<IActionResult> OnPostRetryAsync(string reaction, string key)
    {
        await mediator.Send(new DecideDelivery { Reaction = reaction, Key = key });
        return this.Done("/operations", t["已重新投递"]);
    }

    public async Task<IActionResult> OnPostSkipAsync(string reaction, string key, string? reason)
    {
        await mediator.Send(
            new DecideDelivery
            {
                Reaction = reaction,
                Key = key,
                Skip = true,
                Reason = reason ?? "",
            }
        );
        return this.Done("/operations", t["已跳过"]);
    }

    public async Task<IActionResult> OnPostAgainAsync(long id, string? reason)
    {
        await mediator.Send(new RepeatWork { Id = id, Reason = reason ?? "" });
        return this.Done("/operations", t["已重新排队"]);
    }

    public async Task<IActionResult> OnPostRunAsync(string name)
    {
        if (AllJobs.All(j => j.Name != name))
            throw new NotFound("任务", name);
        await scope.DemandAsync(HttpContext.RequestAborted);
        var end = await runner.RunAsync(name, null, HttpContext.RequestAborted);
        return end switch
        {
            Jobs.JobEnd.Busy => throw new RuleBroken("这个任务正在运行，请稍后再试。", "name"),
            Jobs.JobEnd.Off => throw new RuleBroken("这个任务已停用。", "name"),
            Jobs.JobEnd.Failed => throw new RuleBroken("任务运行失败，原因见任务一行。", "name"),
            _ => this.Done("/operations", t["已运行 {0}", name]),
        };
    }

    private static (string, string, string, bool) Tool(string name, string use, string package) =>
        (name, use, package, (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => System.IO.File.Exists(Path.Combine(p, name))));
}
