using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Proofs;
using CourtOps.ServiceOfDocuments.Settings;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Draws the legal consequence of what happened to a notice, by Law's rules C-02 and C-04. An effect once recorded is never moved.</summary>
internal sealed class Settlement(
    Db db,
    Notices notices,
    Outbox outbox,
    Decisions decisions,
    WorkQueue work,
    ICalendarSource calendars,
    NoticeBook book,
    Steward.StewardBook steward
)
{
    public async Task SettleAsync(long noticeId, CancellationToken ct)
    {
        var notice = await notices.GetAsync(noticeId, ct);
        if (
            notice.ServedAt is not null
            || notice.State is NoticeState.Failed or NoticeState.Cancelled or NoticeState.Unread or NoticeState.Voided or NoticeState.Contested
            || notice.ReleasedAt is null
        )
            return;
        var now = notices.Now();
        var tasks = await notices.TasksAsync(noticeId, ct);
        var last = (DateOnly?)null;
        var basis = "";
        var presumed = false;
        foreach (var task in tasks.Where(t => t.EffectiveOn is null))
        {
            var explanation = new Explanation();
            var effect = ServiceRules.Judge(FactsOf(notice, task), calendars.For(null), explain: explanation);
            if (!effect.Effective)
                continue;
            var line = explanation.Render()[0];
            await db.ExecuteAsync(
                "UPDATE service_task SET effective_on = @EffectiveOn, defence_ends = @DefenceEnds, appeal_ends = @AppealEnds WHERE id = @Id AND "
                    + "effective_on IS NULL",
                new
                {
                    task.Id,
                    effect.EffectiveOn,
                    effect.DefenceEnds,
                    effect.AppealEnds,
                },
                ct
            );
            await decisions.RecordAsync(
                "service.effect",
                "1",
                new
                {
                    taskId = task.Id,
                    notice.AddressKind,
                    notice.ArrivedAt,
                    task.ReadAt,
                    notice.ConfirmedAt,
                    task.DocumentKind,
                    notice.ProcedureCode,
                },
                new
                {
                    effect.EffectiveOn,
                    effect.Presumed,
                    effect.DefenceEnds,
                    effect.AppealEnds,
                },
                effect.Basis,
                notice.CaseId,
                ct
            );
            await outbox.AddAsync(
                Catalogue.CaseKey(notice.CaseId),
                new DocumentServed
                {
                    TaskId = task.Id,
                    OrderId = notice.OrderId,
                    CaseId = notice.CaseId,
                    DocumentId = task.DocumentId,
                    PartyId = notice.PartyId,
                    RecipientName = notice.Recipient,
                    Method = ServeOrder.Channel,
                    EffectiveOn = effect.EffectiveOn!.Value,
                    Basis = line.Text + "（" + line.Source + "）",
                    Presumed = effect.Presumed,
                    AppealEnds = effect.AppealEnds,
                    At = now,
                },
                ct
            );
            (last, basis, presumed) = (effect.EffectiveOn, line.Text + "（" + line.Source + "）", effect.Presumed);
        }
        if (last is null)
            return;
        var all = await notices.TasksAsync(noticeId, ct);
        if (all.Any(t => t.EffectiveOn is null))
            return;
        var on = all.Max(t => t.EffectiveOn)!.Value;
        await book.MoveAsync(
            notice,
            NoticeStep.Serve,
            ct,
            "effective_on = @on, raw_effective_on = @on, basis = @basis, presumed = @presumed, served_at = @now",
            new
            {
                notice.Id,
                notice.Version,
                on,
                basis = basis.Length > 400 ? basis[..400] : basis,
                presumed,
                now,
            }
        );
        await db.ExecuteAsync(
            "UPDATE service_public_notice SET served_on = @on, served_basis = @basis, periods = @periods WHERE notice_id = @Id",
            new
            {
                notice.Id,
                on,
                basis = basis.Length > 400 ? basis[..400] : basis,
                periods = System.Text.Json.JsonSerializer.Serialize(
                    all.Select(t => new PublicPeriod
                    {
                        Title = t.DocumentTitle,
                        DefenceEnds = t.DefenceEnds,
                        AppealEnds = t.AppealEnds,
                    }),
                    Json.Stored
                ),
            },
            ct
        );
        // of an address the court found out: what its silence would have come to
        if (
            notice is { AddressKind: "obtained", SentAt: { } sent }
            && await db.FirstAsync<long?>("SELECT court_id FROM workzone_case_card WHERE id = @CaseId", new { notice.CaseId }, ct) is { } court
        )
            await decisions.DecideAsync<SilenceOutcome>(
                Silence.Name,
                new SilenceFacts(notice.Id, (int)Math.Max(0, (now - sent).TotalHours)),
                court,
                notice.CaseId,
                at: sent,
                ct: ct
            );
        await notices.ForgetDoubtAsync(notice, ct);
        await steward.StopAsync(notice, ServeOrder.Channel, $"送达日 {Times.Iso(on)}", notice.SenderName ?? Steward.StewardBook.Name, ct);
        await notices.NoteAsync(notice, "served", now, new { on, basis }, Times.Iso(on), ct);
        await work.AddAsync(MakeProof.Name, $"{notice.Id}", new MakeProof.Payload { NoticeId = notice.Id }, ct: ct);
    }

    /// <summary>The facts of one document as the law library takes them; times in the court's zone.</summary>
    public static ServiceFacts FactsOf(Notice notice, ServiceTask task) =>
        new()
        {
            Method = ServiceMethod.Electronic,
            ElectronicAddress = notice.AddressKind == "provided" ? ElectronicAddress.Provided : ElectronicAddress.Obtained,
            Arrived = Local(notice.ArrivedAt),
            Read = Local(task.ReadAt),
            Replied = Local(notice.ConfirmedAt),
            Bounced =
                notice.BouncedAt is { } b && (notice.ArrivedAt is null || (notice.State == NoticeState.Failed && notice.ContestedAt is null)) ? Local(b) : null,
            Document = task.DocumentKind switch
            {
                "judgment" => ServedDocument.Judgment,
                "ruling" => ServedDocument.Ruling,
                "complaint" => ServedDocument.Complaint,
                "summons" => ServedDocument.Summons,
                "mediation" => ServedDocument.Mediation,
                _ => ServedDocument.Other,
            },
            Procedure = notice.ProcedureCode is { Length: > 0 } code ? code : "civil",
        };

    private static DateTime? Local(DateTimeOffset? at) => at is { } t ? DateTime.SpecifyKind(Times.Local(t).DateTime, DateTimeKind.Unspecified) : null;
}

/// <summary>The periods a party reads after service.</summary>
internal sealed record PublicPeriod
{
    public string Title { get; init; } = "";
    public DateOnly? DefenceEnds { get; init; }
    public DateOnly? AppealEnds { get; init; }
}
