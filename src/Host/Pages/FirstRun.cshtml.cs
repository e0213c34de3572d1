using CourtOps.Host.Verbs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Pages;

/// <summary>The first visit of an empty installation: the one-time code of the console, then the first court and the three administrators.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed class FirstRun(FirstRunCode code, IServiceScopeFactory scopes, Texts t) : PageModel, IReload
{
    [BindProperty]
    public Input Data { get; set; } = new();

    public IReadOnlyList<(string Role, string Label)> Administrators { get; } =
    [.. new[] { Roles.SystemAdministrator, Roles.SecurityAdministrator, Roles.Auditor }.Select(r => (r, Roles.Labels[r]))];

    public IActionResult OnGet() => code.IsWaiting ? Page() : Redirect("/sign-in");

    public Task ReloadAsync() => Task.CompletedTask;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!code.IsWaiting)
            return Redirect("/sign-in");
        if (!code.Matches(Data.Code ?? ""))
        {
            // slow guessing down; the code has 48 random bits
            await Task.Delay(500, HttpContext.RequestAborted);
            throw new RuleBroken("一次性代码不对。它印在启动系统的控制台上。", "Code");
        }
        if (Data.People.Count != Administrators.Count)
            throw new RuleBroken("三名管理员都要填写。", "People");
        foreach (var person in Data.People)
            if (person.Password != person.Again)
                throw new RuleBroken($"{person.Name}：两次输入的密码不一样。", "People");
        if (Data.People.Select(p => p.Login?.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() != Data.People.Count)
            throw new RuleBroken("三名管理员的登录名不能相同。", "People");
        await using (var scope = scopes.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("first-run");
            await scope
                .ServiceProvider.GetRequiredService<IAccounts>()
                .CreateAdministratorsAsync(
                    Data.CourtCode?.Trim() ?? "",
                    Data.CourtName?.Trim() ?? "",
                    [.. Administrators.Zip(Data.People, (a, p) => new NewAdministrator(a.Role, p.Login?.Trim() ?? "", p.Name?.Trim() ?? "", p.Password ?? ""))]
                );
        }
        code.Use();
        return this.Done("/sign-in", t["管理员已建立，请登录。"]);
    }

    internal sealed class Input
    {
        public string? Code { get; set; }
        public string? CourtCode { get; set; }
        public string? CourtName { get; set; }
        public List<Person> People { get; set; } = [];
    }

    internal sealed class Person
    {
        public string? Login { get; set; }
        public string? Name { get; set; }
        public string? Password { get; set; }
        public string? Again { get; set; }
    }
}
