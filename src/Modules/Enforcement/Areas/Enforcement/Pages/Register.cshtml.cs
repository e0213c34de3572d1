using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>Registers an enforcement case from a case that was judged, or a resumed one from an earlier.</summary>
[Permit("enforcement.register")]
internal sealed class Register(IMediator mediator, ICases cases, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long OriginId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public Result Show { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Data.Creditors = [.. Show.Parties.Where(p => PartySide.Claims(p.Role)).Select(p => p.Id)];
        Data.Debtors = [.. Show.Parties.Where(p => PartySide.Owes(p.Role)).Select(p => p.Id)];
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { OriginId = OriginId });

    public async Task<IActionResult> OnPostAsync()
    {
        var made = await mediator.Send(
            new RegisterEnforcement
            {
                OriginId = OriginId,
                Type = Data.Type,
                Creditors = Data.Creditors,
                Debtors = Data.Debtors,
                Amount = Data.Amount,
                JudgeId = Data.JudgeId,
                EffectiveOn = Data.EffectiveOn,
                Transfer = Data.Transfer,
                Urgent = Data.Urgent,
            }
        );
        // whoever registers without being of the new case goes back to the board
        return this.Done(
            await cases.CanReadAsync(made.CaseId) ? $"/enforcement/cases/{made.CaseId}/ledger" : "/enforcement",
            made.Carried > 0 ? t["已立 {0}，移入 {1} 项控制措施，期限连续计算", made.Number, made.Carried]
                : made.Team is { } team ? t["已立 {0}，分入{1}", made.Number, t[Track.Teams[team]]]
                : t["已立 {0}", made.Number]
        );
    }

    internal sealed class Input
    {
        public string Type { get; set; } = "执";
        public List<long> Creditors { get; set; } = [];
        public List<long> Debtors { get; set; } = [];
        public decimal? Amount { get; set; }
        public long? JudgeId { get; set; }
        public DateOnly? EffectiveOn { get; set; }
        public bool Transfer { get; set; }
        public bool Urgent { get; set; }
    }

    internal sealed record Query : IQuery<Result>
    {
        public long OriginId { get; init; }
    }

    internal sealed record Result(CaseCard Case, IReadOnlyList<PartyContact> Parties, IReadOnlyList<PersonCard> Judges);

    internal sealed class Handler(ICases cases, ICaseRegister register, TimeProvider clock) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.OriginId, cancellationToken);
            return new Result(
                card,
                await cases.PartiesAsync(card.Id, cancellationToken),
                await register.JudgesAsync(card.CourtId, Times.Day(clock.GetUtcNow()), cancellationToken)
            );
        }
    }
}
