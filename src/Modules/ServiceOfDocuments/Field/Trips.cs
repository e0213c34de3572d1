using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Post;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Field;

/// <summary>What a record from the field needs. Pure.</summary>
internal static class FieldRules
{
    /// <summary>How far the phone's clock may be off before its time is not believed.</summary>
    public static readonly TimeSpan Clock = TimeSpan.FromHours(12);

    /// <summary>The area of an address, for a route: province, city and county, as far as they are written.</summary>
    public static string Area(string address)
    {
        var at = Math.Max(
            address.IndexOf('县', StringComparison.Ordinal),
            Math.Max(address.LastIndexOf('市', Math.Min(address.Length - 1, 20)), address.IndexOf('区', StringComparison.Ordinal))
        );
        return at is > 0 and < 24 ? address[..(at + 1)]
            : address.Length <= 6 ? address
            : address[..6];
    }

    /// <summary>Why what was recorded does not do; null where it does. Leaving needs a witness or pictures (CPL 89), and is for whoever refused (CPL-I
    /// 130).</summary>
    public static (string Field, string Fault)? Missing(
        string channel,
        string outcome,
        int photos,
        bool signature,
        string witness,
        string place,
        DateTimeOffset? phoneTime,
        DateTimeOffset now
    ) =>
        (channel, outcome) switch
        {
            _ when phoneTime is { } t && (t - now).Duration() > Clock => (
                "PhoneTime",
                "手机的时间与法院的时间相差太大，请校准手机时间后再提交；已选的照片仍在。"
            ),
            _ when place.Length == 0 => ("Place", "请填地点。"),
            ("leave", "left") when photos == 0 && witness.Length == 0 => ("Files", "留置送达须拍照、录像，或者有见证人签名（民诉法第89条）。"),
            ("direct", "signed") when photos == 0 && !signature => ("Signature", "当面送达须有签收：请收件人在屏幕上签名，或者拍摄签收的送达回证。"),
            ("direct", "refused") when photos == 0 && witness.Length == 0 => ("Files", "拒收的须拍照或者记明见证人。"),
            _ => null,
        };
}

/// <summary>A day's trip: who visits whom, in one area.</summary>
[Permit("service.work")]
[Audited("service.trip.make")]
internal sealed record MakeTrip : ICommand<long>
{
    public IReadOnlyList<long> StepIds { get; init; } = [];
    public DateOnly? Day { get; init; }

    internal sealed class Validator : AbstractValidator<MakeTrip>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.StepIds).Must(s => s.Count is > 0 and <= 60).WithMessage("请选择要上门的送达，一趟最多 60 户。");
            RuleFor(c => c.Day)
                .Must(d => d is { } day && day >= Times.Day(clock.GetUtcNow()) && day <= Times.Day(clock.GetUtcNow()).AddDays(60))
                .WithMessage("请填出行日期，从今天起六十日之内。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, StepBook book, Notices notices, AddressBook addresses, Actor actor, AuditTrail audit)
        : ICommandHandler<MakeTrip, long>
    {
        public async Task<long> Handle(MakeTrip request, CancellationToken cancellationToken)
        {
            var id = ids.Next();
            var area = "";
            foreach (var stepId in request.StepIds.Distinct())
            {
                var step = await Steps.FindAsync(db, stepId, cancellationToken);
                var (notice, _) = await Steps.OpenAsync(notices, step, cancellationToken);
                if (step.Channel is not ("direct" or "leave") || step.State != StepState.Due || step.BatchId is not null)
                    throw new Conflict($"{notice.Recipient}的上门送达已在办理，请刷新后再选。");
                var to = await addresses.ChainAsync(notice.PartyId, cancellationToken) is [var head, ..] ? head : null;
                if (area.Length == 0 && to is not null)
                    area = FieldRules.Area(addresses.Reveal(to.TextEnc) ?? "");
                await book.MoveAsync(
                    step,
                    "note",
                    cancellationToken,
                    "batch_id = @trip, address_id = @address",
                    new
                    {
                        step.Id,
                        step.Version,
                        trip = id,
                        address = to?.Id,
                    }
                );
            }
            var now = notices.Now();
            await db.ExecuteAsync(
                "INSERT INTO service_batch (id, kind, number, court_id, day, area, person_id, person_name, state, items, cents_each, created_by, "
                    + "created_at, version) VALUES (@id, 'trip', @number, @court, @Day, @area, @person, @name, 'open', @items, 0, @name, @now, 1)",
                new
                {
                    id,
                    number = $"SM{request.Day:yyyyMMdd}{id % 10000:0000}",
                    court = actor.CourtId,
                    request.Day,
                    area = area.Length > 0 ? area : "未登记地址",
                    person = actor.Id,
                    name = actor.Name,
                    items = request.StepIds.Distinct().Count(),
                    now,
                },
                cancellationToken
            );
            audit.Note("trip", id, new { items = request.StepIds.Count, request.Day });
            return id;
        }
    }
}

/// <summary>What happened at a door; only ever added to.</summary>
[Permit("service.work")]
[Audited("service.trip.record")]
internal sealed record RecordVisit : ICommand<RecordAttempt.Result>
{
    public long StepId { get; init; }

    /// <summary>signed, absent, refused, or left.</summary>
    public string Outcome { get; init; } = "";
    public string Signer { get; init; } = "self";
    public bool Opposing { get; init; }
    public string Place { get; init; } = "";
    public string Witness { get; init; } = "";
    public string Words { get; init; } = "";
    public DateTimeOffset? PhoneTime { get; init; }

    /// <summary>A drawn signature, PNG as base64.</summary>
    public string Signature { get; init; } = "";
    public IReadOnlyList<TakenFile> Files { get; init; } = [];

    internal sealed class Validator : AbstractValidator<RecordVisit>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(o => o is "signed" or "absent" or "refused" or "left").WithMessage("请选择上门的结果。");
            RuleFor(c => c.Signer).Must(s => s is "self" or "family" or "agent" or "unit").WithMessage("签收人应为本人、同住成年家属、代收人或者单位收发。");
            RuleFor(c => c.Place).MaximumLength(200).WithMessage("地点最长 200 个字符。");
            RuleFor(c => c.Witness).MaximumLength(60).WithMessage("见证人最长 60 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
            RuleFor(c => c.Signature).MaximumLength(120_000).WithMessage("签名太大，请擦掉重写。");
        }
    }

    internal sealed class Handler(Db db, Notices notices, AttemptBook attempts, EvidenceBook evidence, StewardBook steward, Actor actor)
        : ICommandHandler<RecordVisit, RecordAttempt.Result>
    {
        public async Task<RecordAttempt.Result> Handle(RecordVisit request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, order) = await Steps.OpenAsync(notices, step, cancellationToken);
            var now = notices.Now();
            var channel = request.Outcome == "left" ? "leave" : "direct";
            var photos =
                request.Files.Count(f => f.Kind == "photo")
                + await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_evidence WHERE step_id = @Id AND kind = 'photo'", new { step.Id }, cancellationToken);
            if (
                FieldRules.Missing(
                    channel,
                    request.Outcome,
                    photos,
                    request.Signature.Length > 100,
                    request.Witness.Trim(),
                    request.Place.Trim(),
                    request.PhoneTime,
                    now
                )
                    is var (field, fault)
                && field is not null
            )
                throw new RuleBroken(fault, field);
            if (channel == "leave" && step.Channel == "direct")
            {
                // refused at the door and left there: the same visit goes on as the next way
                await attempts.RecordAsync(
                    notice,
                    order,
                    new AttemptFacts
                    {
                        Channel = "direct",
                        Outcome = "refused",
                        On = Times.Day(now),
                        Place = request.Place.Trim(),
                        Witness = request.Witness.Trim(),
                        Words = request.Words.Trim(),
                    },
                    null,
                    true,
                    actor.Name,
                    cancellationToken
                );
                notice = await notices.GetAsync(notice.Id, cancellationToken);
                if (PlanRules.Forbidden("leave", await steward.FactsAsync(notice, cancellationToken)) is { } forbidden)
                    throw new RuleBroken(forbidden, "Outcome", "forbidden");
            }
            foreach (var file in request.Files)
                await evidence.AddAsync(
                    notice,
                    step.Id,
                    file,
                    file.Kind,
                    request.PhoneTime ?? now,
                    request.Place.Trim(),
                    request.Words.Trim(),
                    actor.Name,
                    now,
                    cancellationToken
                );
            if (request.Signature.Length > 100)
                await evidence.AddAsync(notice, step.Id, null, "signature", now, request.Place.Trim(), request.Signature, actor.Name, now, cancellationToken);
            if (request.Witness.Trim().Length > 0)
                await evidence.AddAsync(
                    notice,
                    step.Id,
                    null,
                    "witness",
                    now,
                    request.Place.Trim(),
                    request.Witness.Trim(),
                    actor.Name,
                    now,
                    cancellationToken
                );
            return await attempts.RecordAsync(
                notice,
                order,
                new AttemptFacts
                {
                    Channel = channel,
                    Outcome = request.Outcome,
                    Signer = request.Signer,
                    Opposing = request.Opposing,
                    On = Times.Day(now),
                    Place = request.Place.Trim(),
                    Witness = request.Witness.Trim(),
                    Words = request.Words.Trim(),
                },
                null,
                photos > 0,
                actor.Name,
                cancellationToken
            );
        }
    }
}

/// <summary>More pictures or words to what was recorded: added, never changed.</summary>
[Permit("service.work")]
[Audited("service.trip.add")]
internal sealed record AddEvidence : ICommand
{
    public long StepId { get; init; }
    public string Words { get; init; } = "";
    public IReadOnlyList<TakenFile> Files { get; init; } = [];

    internal sealed class Handler(Db db, Notices notices, EvidenceBook evidence, Actor actor, AuditTrail audit) : CommandHandler<AddEvidence>
    {
        protected override async Task RunAsync(AddEvidence command, CancellationToken ct)
        {
            var step = await Steps.FindAsync(db, command.StepId, ct);
            var (notice, _) = await Steps.OpenAsync(notices, step, ct);
            if (command.Files.Count == 0 && string.IsNullOrWhiteSpace(command.Words))
                throw new RuleBroken("请选择照片、录音，或者写补充说明。", "Words");
            if (command.Words.Length > 1000)
                throw new RuleBroken("补充说明最长 1000 个字符。", "Words");
            var now = notices.Now();
            foreach (var file in command.Files)
                await evidence.AddAsync(notice, step.Id, file, file.Kind, null, null, command.Words.Trim(), actor.Name, now, ct); // when it was taken nobody said
            if (command.Files.Count == 0)
                await evidence.AddAsync(notice, step.Id, null, "note", now, null, command.Words.Trim(), actor.Name, now, ct);
            audit.Note("step", step.Id, new { files = command.Files.Count });
        }
    }
}

/// <summary>One door: whom, where, what for, what was recorded there so far.</summary>
[Permit("service.work")]
internal sealed record ShowVisit : IQuery<ShowVisit.Result>
{
    public long StepId { get; init; }

    internal sealed record Result(
        Step Step,
        Notice Notice,
        OrderCard Order,
        string? Address,
        string? Phone,
        IReadOnlyList<string> Papers,
        IReadOnlyList<EvidenceRow> Evidence
    );

    internal sealed class Handler(
        Db db,
        Notices notices,
        AddressBook addresses,
        EvidenceBook evidence,
        CourtOps.Workzone.Cases.ICases cases,
        Kernel.Access.AccessLog reads
    ) : IQueryHandler<ShowVisit, Result>
    {
        public async Task<Result> Handle(ShowVisit request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, order) = await Steps.OpenAsync(notices, step, cancellationToken);
            var to =
                step.AddressId is { } a ? await db.FirstAsync<AddressRow>(AddressBook.Columns + " WHERE a.id = @a", new { a }, cancellationToken)
                : await addresses.ChainAsync(notice.PartyId, cancellationToken) is [var head, ..] ? head
                : null;
            // the case is no longer open to a clerk whose order has ended; what was recorded there still is
            var phone = await cases.CanReadAsync(notice.CaseId, cancellationToken)
                ? (await cases.PartiesAsync(notice.CaseId, cancellationToken)).FirstOrDefault(p => p.Id == notice.PartyId)?.Phone
                : null;
            reads.Note("service.visit.view", "notice", notice.Id, notice.CaseId);
            return new Result(
                step,
                notice,
                order,
                to is null ? null : addresses.Reveal(to.TextEnc),
                phone,
                [.. (await notices.TasksAsync(notice.Id, cancellationToken)).Where(t => t.EffectiveOn is null).Select(t => t.DocumentTitle)],
                [.. (await evidence.OfNoticeAsync(notice.Id, cancellationToken)).Where(e => e.StepId == step.Id)]
            );
        }
    }
}

/// <summary>Detained, serving a sentence or in the army: the papers go through the institution (CPL 92-94), or no longer.</summary>
[Permit("service.work")]
[Audited("service.custody.mark")]
internal sealed record MarkCustody : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Institution { get; init; } = "";
    public bool Ended { get; init; }

    internal sealed class Handler(Notices notices, NoticeBook book, StewardBook steward, Actor actor, AuditTrail audit) : CommandHandler<MarkCustody>
    {
        protected override async Task RunAsync(MarkCustody command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            var institution = ConfirmationRules.Fold(command.Institution);
            if (!command.Ended && institution.Length is 0 or > 120)
                throw new RuleBroken("请填监所、部队或者教育机构的名称，最长 120 个字符。", "Institution");
            if (notice.ServedAt is not null)
                throw new RuleBroken($"{notice.Recipient}已经送达。", code: "state");
            notice = await book.MoveAsync(
                notice,
                NoticeStep.Act,
                ct,
                "custody = @custody, institution = @institution",
                new
                {
                    notice.Id,
                    notice.Version,
                    custody = !command.Ended,
                    institution = command.Ended ? null : institution,
                }
            );
            audit.Note("notice", notice.Id, new { custody = !command.Ended });
            if (!command.Ended)
                await steward.TakeAsync(await notices.GetAsync(notice.Id, ct), "transferred", $"由{institution}转交", actor.Name, ct);
        }
    }
}
