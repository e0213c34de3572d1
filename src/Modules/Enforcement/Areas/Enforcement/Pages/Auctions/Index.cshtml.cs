using CourtOps.Enforcement.Auctions;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Auctions;

/// <summary>Sales of the courts.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty]
    public AccountInput Account { get; set; } = new();

    public IReadOnlyList<ImportResults.Line>? Imported { get; private set; }

    public ListAuctions.Result Show { get; private set; } = null!;

    public string? Next => Show.Next is { } next ? $"/enforcement/auctions?state={State}&{next}" : null;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        if (!AuctionRules.States.ContainsKey(State))
            State = "";
        Show = await mediator.Send(new ListAuctions { State = State, After = After ?? long.MaxValue });
    }

    public async Task<IActionResult> OnPostResultsAsync(IFormFile? file, CancellationToken ct)
    {
        if (file is null || file.Length == 0)
            throw new RuleBroken("请选择结果文件或者粘贴结果。", "File", "empty");
        if (file.Length > 4_000_000)
            throw new RuleBroken("结果文件超过 4 MB，请分几次导入。", "File", "too-large");
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, ct);
        Imported = await mediator.Send(new ImportResults { Text = ResultLines.Decode(copy.ToArray()) }, ct);
        await ReloadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAccountAsync()
    {
        await mediator.Send(
            new SaveSaleAccount
            {
                Holder = Account.Holder.Trim(),
                Bank = Account.Bank.Trim(),
                Account = Account.Account.Trim(),
                Contact = Account.Phone.Trim(),
            }
        );
        return this.Done("/enforcement/auctions", t["已保存"]);
    }

    internal sealed class AccountInput
    {
        public string Holder { get; set; } = "";
        public string Bank { get; set; } = "";
        public string Account { get; set; } = "";
        public string Phone { get; set; } = "";
    }
}
