using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>All hearings of a judge who cannot come get new times at once; each is moved or refused for itself, what is left is proposed again.</summary>
[Permit("trial.schedule")]
internal sealed class Replan(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long JudgeId { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Back { get; set; }

    [BindProperty]
    public List<string> Picks { get; set; } = [];

    [BindProperty]
    public string? Reason { get; set; }

    public ProposeMoves.Result Show { get; private set; } = new([], [], 0);

    public IReadOnlyList<(string Number, string Words)> Outcomes { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new ProposeMoves
            {
                JudgeId = JudgeId,
                From = From,
                Until = Until,
                Back = Back,
            }
        );

    public async Task<IActionResult> OnPostMoveAsync()
    {
        if (string.IsNullOrWhiteSpace(Reason))
            throw new RuleBroken("请写明改期的原因。", "Reason");
        if (Picks.Count == 0)
            throw new RuleBroken("请至少选一次庭审。", "Picks");
        var outcomes = new List<(string, string)>();
        foreach (var pick in Picks.Take(ProposeMoves.Most))
        {
            var p = pick.Split('|');
            if (
                p.Length != 4
                || !long.TryParse(p[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || !int.TryParse(p[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || !DateTime.TryParseExact(p[2], "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
                || !long.TryParse(p[3], NumberStyles.None, CultureInfo.InvariantCulture, out var room)
            )
                throw new RuleBroken("选择的庭审不完整，请重新找时间。", "Picks");
            try
            {
                var moved = await mediator.Send(
                    new MoveHearing
                    {
                        Id = id,
                        Version = version,
                        Start = start,
                        RoomId = room,
                        Reason = Reason.Trim(),
                        // a judge who cannot come is an accident (民诉法 149 (4)); the reason says who approved
                        Ground = "force-majeure",
                        Approved = Reason.Trim(),
                    }
                );
                outcomes.Add((moved.CaseNumber, t["已改到 {0} {1}", Times.Full(moved.StartsAt), moved.RoomName]));
            }
            catch (Exception e) when (e is RuleBroken or Conflict)
            {
                outcomes.Add((p[0], t["没有改成：{0}", e is RuleBroken r ? t.Of(r) : e.Message]));
            }
        }
        Outcomes = outcomes;
        await ReloadAsync();
        return Page();
    }
}
