using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

/// <summary>My account: password.</summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed class Account(IAccounts accounts, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public bool Must { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public Task ReloadAsync() => Task.CompletedTask;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Data.New != Data.Again)
            throw new RuleBroken("两次输入的密码不一样。", "Again");
        await accounts.ChangePasswordAsync(Data.Old ?? "", Data.New ?? "");
        // other sessions end with the stamp; this one goes on
        var answer = await accounts.SignInAsync(actor.Login, Data.New ?? "");
        await Pages.SignIn.EnterAsync(HttpContext, answer.PersonId, answer.Stamp);
        return this.Done("/", t["密码已更改，其他登录已退出。"]);
    }

    internal sealed class Input
    {
        public string? Old { get; set; }
        public string? New { get; set; }
        public string? Again { get; set; }
    }
}
