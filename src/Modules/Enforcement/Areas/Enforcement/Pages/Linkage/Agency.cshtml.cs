using CourtOps.Enforcement.Linkage;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Linkage;

/// <summary>One agency: where it is told, the key of its messages, what was told.</summary>
[Permit("enforcement.read")]
internal sealed class Agency(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? HookUrl { get; set; }

    public ShowAgency.Result Show { get; private set; } = null!;

    /// <summary>The key just made; shown with this answer and never again.</summary>
    public string? Key { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowAgency { Id = Id });

    public async Task<IActionResult> OnPostHookAsync()
    {
        await mediator.Send(new SetAgencyHook { Id = Id, Url = (HookUrl ?? "").Trim() });
        return this.Done($"/enforcement/linkage/agencies/{Id}", t["已保存"]);
    }

    public async Task<IActionResult> OnPostKeyAsync()
    {
        Key = await mediator.Send(new MakeAgencyKey { Id = Id });
        await ReloadAsync();
        return Page();
    }
}
