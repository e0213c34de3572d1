using System.Text;
using CourtOps.Enforcement.Network;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Network;

/// <summary>Batches of the network inquiry, and their answers.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["taken"] = "入台账",
        ["none"] = "无财产",
        ["failed"] = "查询失败",
        ["repeated"] = "重复",
        ["quarantined"] = "存疑",
        ["refused"] = "拒绝",
    };

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty]
    public IFormFile? Upload { get; set; }

    [BindProperty]
    public string? Lines { get; set; }

    [BindProperty]
    public long ApartId { get; set; }

    public ListBatches.Result Show { get; private set; } = null!;

    public IReadOnlyList<TakeFeedback.Line>? Taken { get; private set; }

    public string? Next => Show.Next is { } next ? $"/enforcement/network?{next}" : null;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListBatches { After = After ?? long.MaxValue });

    public async Task<IActionResult> OnPostAskAsync()
    {
        var batch = await mediator.Send(new AskNetwork());
        return this.Done($"/enforcement/network/{batch.Id}", t["已发起 {0} 项查询", batch.Items]);
    }

    public async Task<IActionResult> OnPostFeedbackAsync()
    {
        var text = Lines ?? "";
        if (Upload is { Length: > 0 })
        {
            if (Upload.Length > 40_000_000)
                throw new RuleBroken("反馈文件超过 40 MB，请分几次导入。", "Upload");
            using var reader = new StreamReader(Upload.OpenReadStream(), new UTF8Encoding(false, true));
            try
            {
                text = await reader.ReadToEndAsync();
            }
            catch (DecoderFallbackException)
            {
                throw new RuleBroken("反馈文件不是 UTF-8 编码，请另存为 UTF-8。", "Upload");
            }
        }
        Taken = await mediator.Send(new TakeFeedback { Text = text });
        Lines = "";
        ModelState.Remove(nameof(Lines));
        await ReloadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostClearAsync()
    {
        await mediator.Send(new ClearApart { Id = ApartId });
        return this.Done("/enforcement/network", t["已核实"]);
    }
}
