using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

/// <summary>My account: password, second factor, open sessions, and the court I act in.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class Account(IAccounts accounts, IMyAccount mine, Texts t) : PageModel, IReload
{
    [BindProperty]
    public Input Data { get; set; } = new();

    public bool Must => HttpContext.Items["step"] is SessionStep.Password;

    public IReadOnlyList<MySession> Sessions { get; private set; } = [];

    public IReadOnlyList<MyCourt> Courts { get; private set; } = [];

    public bool HasSecondFactor { get; private set; }

    public int MinLength { get; private set; }

    public int Classes { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        var shown = await mine.ShowAsync();
        (Sessions, Courts, HasSecondFactor, MinLength, Classes) = (shown.Sessions, shown.Courts, shown.HasSecondFactor, shown.MinLength, shown.Classes);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Data.New != Data.Again)
            throw new RuleBroken("两次输入的密码不一样。", "Again");
        await accounts.ChangePasswordAsync(Data.Old ?? "", Data.New ?? "");
        return this.Done("/", t["密码已更改，其他登录已退出。"]);
    }

    public async Task<IActionResult> OnPostEndAsync(long id)
    {
        await mine.EndSessionAsync(id);
        return this.Done("/account", t["那个登录已退出。"]);
    }

    public async Task<IActionResult> OnPostCourtAsync(long courtId)
    {
        await mine.ChangeCourtAsync(courtId);
        return this.Done("/", t["已切换法院。"]);
    }

    internal sealed class Input
    {
        public string? Old { get; set; }
        public string? New { get; set; }
        public string? Again { get; set; }
    }
}
