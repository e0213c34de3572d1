using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Field;

/// <summary>Puts measures that one bank or registry keeps on a trip, a place each: to serve, to renew or to lift them there.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.stop.add")]
internal sealed record PutOnTrip : ICommand<PutOnTrip.Result>
{
    public long TripId { get; init; }
    public IReadOnlyList<long> MeasureIds { get; init; } = [];

    /// <summary>Empty: the name of the bank or registry.</summary>
    public string Address { get; init; } = "";
    public string Words { get; init; } = "";

    /// <param name="Added">Places that were put on the trip.</param>
    /// <param name="Already">Measures that were on it before.</param>
    internal sealed record Result(TripRow Trip, int Added, int Already);

    internal sealed class Validator : AbstractValidator<PutOnTrip>
    {
        public Validator()
        {
            RuleFor(c => c.TripId).NotEmpty().WithMessage("请选择外勤。");
            RuleFor(c => c.MeasureIds)
                .NotEmpty()
                .WithMessage("请选择措施。")
                .Must(m => m.Count <= FieldRules.MostStops)
                .WithMessage($"一趟外勤最多 {FieldRules.MostStops} 处。");
            RuleFor(c => c.Address).MaximumLength(200).WithMessage("地址最长 200 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, MeasureWork work, TripBook trips, StopBook book, AuditTrail audit) : ICommandHandler<PutOnTrip, Result>
    {
        public async Task<Result> Handle(PutOnTrip c, CancellationToken cancellationToken)
        {
            var trip = await trips.GetAsync(c.TripId, null, cancellationToken);
            var there = (
                await db.QueryAsync<long>(
                    "SELECT asset_id FROM enforcement_stop WHERE trip_id = @Id AND purpose = 'assist' AND state = 'waiting' AND asset_id IS NOT NULL",
                    new { trip.Id },
                    cancellationToken
                )
            ).ToHashSet();
            var added = 0;
            foreach (var id in c.MeasureIds.Distinct())
            {
                var m = await work.GetAsync(id, cancellationToken);
                if (!MeasureState.IsLive(m.State))
                    throw new RuleBroken($"{m.PartyName} {m.AssetName}的措施现在是“{MeasureState.Labels[m.State]}”，不必再去。", "MeasureIds", "ended");
                if (m.Authority.Length == 0 && c.Address.Trim().Length == 0)
                    throw new RuleBroken($"{m.PartyName} {m.AssetName}没有登记协助机关，请填写地址。", "Address");
                if (!there.Add(m.AssetId))
                    continue;
                var card = await cases.GetAsync(m.CaseId, cancellationToken);
                var party = await work.DebtorAsync(card.Id, m.PartyId, cancellationToken);
                var asset = await work.AssetAsync(m.AssetId, cancellationToken);
                var address = c.Address.Trim().Length > 0 ? c.Address.Trim() : m.Authority;
                var stop = await book.PlaceAsync(card, trip, party, asset, "assist", address, c.Words.Trim(), cancellationToken);
                audit.Note("stop", stop, new { trip.Number, measure = m.Id }, card.Id);
                added++;
            }
            var ids = c.MeasureIds.Distinct().Count();
            if (added == 0)
                throw new RuleBroken("所选措施都已在这趟外勤中。", "MeasureIds", "twice");
            return new Result(trip, added, ids - added);
        }
    }
}
