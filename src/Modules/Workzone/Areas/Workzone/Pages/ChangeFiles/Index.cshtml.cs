using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.CaseChanges;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.ChangeFiles;

/// <summary>Changes of cases as a file: take one in, and what became of the earlier ones.</summary>
[Permit("workzone.cases.changes")]
internal sealed class Index(IMediator mediator, Kernel.Work.WorkSignal signal) : PageModel, IReload
{
    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["running"] = "进行中",
        ["done"] = "已完成",
        ["failed"] = "没有成功",
    };

    [BindProperty]
    public new IFormFile? File { get; set; }

    public ShowChanges.Result Data { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Data = await mediator.Send(new ShowChanges());

    public async Task<IActionResult> OnPostAsync()
    {
        if (File is null)
            throw new RuleBroken("请选择变动的文件。", "File");
        using var reader = new StreamReader(File.OpenReadStream(), Encoding.UTF8);
        var id = await mediator.Send(
            new TakeChanges { FileName = Path.GetFileName(File.FileName), Text = await reader.ReadToEndAsync(HttpContext.RequestAborted) }
        );
        signal.Wake();
        return this.Done($"/changes/{id}");
    }
}
