using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Meetings;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Meetings;

/// <summary>The meetings on a case, and where one is called.</summary>
[Permit("trial.read")]
internal sealed class OfCase(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public CaseCard Case { get; private set; } = null!;

    public IReadOnlyList<MeetingRow> Rows { get; private set; } = [];

    public IReadOnlyList<Option> People { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Rows = await mediator.Send(new ListMeetings { CaseId = CaseId });
        (Case, People) = await mediator.Send(new Query { CaseId = CaseId });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var id = await mediator.Send(
            new CallMeeting
            {
                CaseId = CaseId,
                Kind = Data.Kind,
                On = Data.On,
                Place = Data.Place,
                Members = Data.Members,
                Special = Data.Special,
                Agenda = Data.Agenda,
                SearchReport = Data.SearchReport,
            }
        );
        return this.Done($"/trial/meetings/{id}", t["已召集"]);
    }

    internal sealed class Input
    {
        public string Kind { get; set; } = "panel";
        public DateOnly? On { get; set; }
        public string Place { get; set; } = "";
        public List<long> Members { get; set; } = [];
        public string Special { get; set; } = "";
        public string Agenda { get; set; } = "";
        public string SearchReport { get; set; } = "";
    }

    [Permit("trial.read")]
    internal sealed record Query : IQuery<(CaseCard Case, IReadOnlyList<Option> People)>
    {
        public long CaseId { get; init; }
    }

    internal sealed class Handler(ICases cases, IPeople people, Actor actor) : IQueryHandler<Query, (CaseCard Case, IReadOnlyList<Option> People)>
    {
        public async Task<(CaseCard Case, IReadOnlyList<Option> People)> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            return (
                card,
                [
                    .. (await people.WithRolesAsync(card.CourtId, ["judge", "leader"], cancellationToken))
                        .Where(p => p.Id != actor.Id)
                        .Select(p => new Option($"{p.Id}", p.Name)),
                ]
            );
        }
    }
}
