using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Post;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Post;

/// <summary>The postal desk of the courts one works for: what is to be posted, batches, tracking, receipts.</summary>
[Permit("service.work")]
internal sealed class Index(IMediator mediator, IPapers papers, TimeProvider clock, Texts t) : PageModel, IReload
{
    [BindProperty]
    public List<long> Ids { get; set; } = [];

    public ListSteps.Result Pool { get; private set; } = new([]);

    public IReadOnlyList<BatchRow> Rows { get; private set; } = [];

    public IReadOnlyList<ListReceipts.Row> Receipts { get; private set; } = [];

    /// <summary>What came of the file that was just taken in.</summary>
    public TakeTracking.Result? Taken { get; private set; }

    public IReadOnlyList<(int Line, string Fault)> Faults { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Pool = await mediator.Send(new ListSteps { Channel = "postal", Later = true });
        Rows = await mediator.Send(new ListBatches());
        Receipts = await mediator.Send(new ListReceipts());
    }

    public async Task<IActionResult> OnPostBatchAsync()
    {
        var made = await mediator.Send(new MakeBatch { StepIds = Ids });
        return this.Done(
            $"/service/post/{made.BatchId}",
            made.Without.Count == 0
                ? t["已建批次，{0} 封", made.Letters]
                : t["已建批次，{0} 封；没有地址未列入：{1}", made.Letters, string.Join("、", made.Without)]
        );
    }

    public async Task<IActionResult> OnPostTrackAsync(IFormFile? file)
    {
        if (file is null || file.Length == 0)
            throw new RuleBroken("请选择轨迹文件。", "File");
        if (file.Length > 8 * 1024 * 1024)
            throw new RuleBroken("轨迹文件最大 8 MB，请拆分。", "File");
        using var stream = new MemoryStream();
        await file.CopyToAsync(stream, HttpContext.RequestAborted);
        var (lines, faults) = PostRules.Read(Decoded(stream.ToArray()), clock.GetUtcNow());
        Faults = faults;
        Taken = await mediator.Send(new TakeTracking { Lines = lines });
        await ReloadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostReceiptsAsync(IFormFile? scan)
    {
        var paper = await papers.TakeAsync(scan, null, HttpContext.RequestAborted);
        await mediator.Send(new TakeReceipts { Blob = paper.Blob });
        return this.Done("/service/post", t["扫描件已收下，正在识别条码"]);
    }

    // carriers write GB 18030 as well as UTF-8
    private static string Decoded(byte[] bytes)
    {
        try
        {
            return new System.Text.UTF8Encoding(false, true).GetString(bytes);
        }
        catch (System.Text.DecoderFallbackException)
        {
            System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
            return System.Text.Encoding.GetEncoding("GB18030").GetString(bytes);
        }
    }
}
