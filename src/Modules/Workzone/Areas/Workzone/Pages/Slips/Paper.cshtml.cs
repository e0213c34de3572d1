using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Slips;

/// <summary>The slip on paper, A4: what is asked and why, what happened so far, and below what whoever received it fills in.</summary>
[Permit("workzone.slips.read")]
internal sealed class Paper(IMediator mediator, TimeProvider clock, Texts t) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public ShowSlip.Result Show { get; private set; } = null!;

    public async Task OnGetAsync() => Show = await mediator.Send(new ShowSlip { Id = Id });

    /// <summary>The day, of a step of an order the time too; with its year, as the paper is kept.</summary>
    public string When(ShowSlip.Line line) => Show.Slip.OrderId is null ? Times.Iso(Times.Day(line.At)) : Times.Full(line.At);

    /// <summary>The limit or the target it is about, as it stands; empty where there is none.</summary>
    public string Late()
    {
        var (s, m) = (Show.Slip, Show.Matter);
        if (m.OrderDue is { } due)
            return due < s.SentAt
                ? t["目标时限 {0}，签发时已超期 {1} 天", Times.Full(due), Math.Max(1, (int)(s.SentAt - due).TotalDays)]
                : t["目标时限 {0}", Times.Full(due)];
        if (m.LimitEnd is not { } end)
            return "";
        var left = end.DayNumber - Times.Day(clock.GetUtcNow()).DayNumber;
        return left < 0 ? t["审限 {0} 届满，现已超 {1} 天", Times.Iso(end), -left] : t["审限 {0} 届满，现还有 {1} 天", Times.Iso(end), left];
    }
}
