using CourtOps.Enforcement.Linkage;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Pages.Linkage;

/// <summary>A request, its answer, its link.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, Texts t, Secrets secrets, IConfiguration configuration) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowLinkage.Result Show { get; private set; } = null!;

    public string Link => (configuration["CourtOps:BaseUrl"] ?? "").TrimEnd('/') + "/p/agency/" + secrets.Reveal(Show.Request.TokenEnc);

    /// <summary>Of the second person, where the agency answers by two.</summary>
    public string? ReleaseLink =>
        Show.Request.ReleaseEnc is { } enc ? (configuration["CourtOps:BaseUrl"] ?? "").TrimEnd('/') + "/p/agency/" + secrets.Reveal(enc) : null;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowLinkage { Id = Id });

    public async Task<IActionResult> OnPostAsync(string step)
    {
        await mediator.Send(new StepLinkage { Id = Id, Step = step });
        return this.Done($"/enforcement/linkage/{Id}", t[step == LinkageStep.Urge ? "已催办" : "已撤回"]);
    }
}
