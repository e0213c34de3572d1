using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Network;

/// <summary>Takes answers in: a line each, with an outcome each. The same line again changes nothing; what is of nobody asked about is kept apart
/// unread.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.network.answer")]
internal sealed record TakeFeedback : ICommand<IReadOnlyList<TakeFeedback.Line>>
{
    public const int Most = 20_000;

    /// <summary>JSON lines.</summary>
    [FileText]
    public string Text { get; init; } = "";

    /// <param name="Outcome">taken, none, failed, repeated, quarantined or refused.</param>
    internal sealed record Line(int Row, string Reference, string Outcome, string Reason);

    internal sealed class Validator : AbstractValidator<TakeFeedback>
    {
        public Validator() =>
            RuleFor(c => c.Text)
                .NotEmpty()
                .WithMessage("请选择或者粘贴反馈文件。")
                .MaximumLength(20_000_000)
                .WithMessage("一次最多 20000000 个字符，请分几次导入。");
    }

    internal sealed class Handler(FeedbackBook book, Actor actor, AuditTrail audit) : ICommandHandler<TakeFeedback, IReadOnlyList<Line>>
    {
        public async Task<IReadOnlyList<Line>> Handle(TakeFeedback c, CancellationToken cancellationToken)
        {
            var done = await book.TakeAsync(c.Text, Most, actor.CourtId, cancellationToken);
            audit.Note(
                "inquiry-feedback",
                done.Count,
                new
                {
                    lines = done.Count,
                    taken = done.Count(l => l.Outcome == "taken"),
                    quarantined = done.Count(l => l.Outcome == "quarantined"),
                }
            );
            return done;
        }
    }
}

/// <summary>Answers become inquiries and assets; in the open transaction.</summary>
internal sealed class FeedbackBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    ICases cases,
    MeasureWork work,
    Inquiries inquiries,
    Lookout lookout,
    Persuade.PersuadeBook persuade
)
{
    /// <param name="courtId">Whose court keeps what belongs to nobody asked about.</param>
    /// <exception cref="RuleBroken">More lines than are taken at once.</exception>
    public async Task<IReadOnlyList<TakeFeedback.Line>> TakeAsync(string text, int most, long courtId, CancellationToken ct)
    {
        var lines = text.ReplaceLineEndings("\n")
            .Split('\n')
            .Select((l, i) => (Text: l.Trim().TrimStart('\uFEFF'), Row: i + 1))
            .Where(l => l.Text.Length > 0)
            .ToList();
        if (lines.Count > most)
            throw new RuleBroken($"一次最多 {most} 行，这里有 {lines.Count} 行，请分几次导入。", "Text");
        var done = new List<TakeFeedback.Line>();
        var touched = new Dictionary<long, bool>();
        var known = new Dictionary<long, Subject?>();
        var batches = new HashSet<long>();
        foreach (var (line, row) in lines)
            done.Add(await OneAsync(line, row, courtId, known, touched, batches, ct));
        foreach (var batch in batches)
            await CountAsync(batch, ct);
        foreach (var (id, network) in touched)
        {
            if (network)
                await persuade.PolledAsync(known[id]!.Card, work.Today, ct);
            await lookout.LookAsync(id, ct);
        }
        return done;
    }

    private async Task<TakeFeedback.Line> OneAsync(
        string text,
        int row,
        long courtId,
        Dictionary<long, Subject?> known,
        Dictionary<long, bool> touched,
        HashSet<long> batches,
        CancellationToken ct
    )
    {
        var (line, reason) = Feedback.Read(text);
        if (line is null)
            return new(row, "", "refused", reason);
        var item = await db.FirstAsync<BatchItem>(
            $"SELECT {BatchItem.Columns} FROM enforcement_batch_item i WHERE i.reference = @Reference",
            new { line.Reference },
            ct
        );
        if (item is null || await SubjectAsync(item.CaseId, known, ct) is not { } subject)
            return await ApartAsync(row, line, text, courtId, "没有这项查询", ct);
        if (item.PartyName != line.Name || (item.IdTail.Length > 0 && line.IdTail.Length > 0 && item.IdTail != line.IdTail))
            return await ApartAsync(row, line, text, courtId, "反馈的人不是所查的被执行人", ct);
        // who found something must say of whom: of two people of one name the number tells
        if (item.IdTail.Length > 0 && line is { IdTail.Length: 0, Things.Count: > 0 })
            return await ApartAsync(row, line, text, courtId, "反馈没有证件号码尾号，不能确认是所查的被执行人", ct);
        if (item.AnsweredAt is not null && (line.Failed || line.Things.Count == 0))
            return new(row, line.Reference, "repeated", "");
        var card = subject.Card;
        if (line.Failed)
        {
            await db.ExecuteAsync(
                "UPDATE enforcement_batch_item SET note = @Note, failures = failures + 1, failed_round = (SELECT b.round FROM enforcement_batch b "
                    + "WHERE b.id = @BatchId) WHERE reference = @Reference",
                new
                {
                    line.Reference,
                    item.BatchId,
                    Note = line.Note.Length > 0 ? line.Note : "查询失败",
                },
                ct
            );
            return new(row, line.Reference, "failed", line.Note);
        }
        if (subject.Parties.FirstOrDefault(p => p.Id == item.PartyId) is not { } party)
            return await ApartAsync(row, line, text, courtId, "反馈的人不是所查的被执行人", ct); // taken out of the case meanwhile
        var changed = 0;
        foreach (var thing in line.Things)
        {
            var (_, made) = await work.PutAssetAsync(
                card,
                party,
                new NewAsset
                {
                    Category = CategoryOf(item.Category),
                    Name = thing.Name,
                    Holder = thing.Holder,
                    Value = thing.Value,
                    Source = "network",
                    FoundOn = work.Today,
                    // a person whose number is not known may be another of the same name: a lead, to be looked into
                    IsClue = party.PartyType == "natural" && item.IdTail.Length == 0,
                    OnlyMore = item.AnsweredAt is not null,
                },
                ct
            );
            changed += made ? 1 : 0;
        }
        if (item.AnsweredAt is not null && changed == 0)
            return new(row, line.Reference, "repeated", "");
        if (item.AnsweredAt is null)
            await inquiries.AddAsync(
                card.Id,
                item.PartyId,
                item.Category,
                "network",
                work.Today,
                line.Things.Count == 0 ? "无" : $"{line.Things.Count} 项",
                ct
            );
        await db.ExecuteAsync(
            "UPDATE enforcement_batch_item SET answered_at = @now, found = @found, note = @Note WHERE reference = @Reference",
            new
            {
                line.Reference,
                now = clock.StoredNow(),
                found = line.Things.Count,
                line.Note,
            },
            ct
        );
        touched[card.Id] = true;
        batches.Add(item.BatchId);
        return new(row, line.Reference, line.Things.Count == 0 ? "none" : "taken", "");
    }

    // a case has a dozen answers in a file: it is read once; null where it is not for whoever takes them in
    private async Task<Subject?> SubjectAsync(long caseId, Dictionary<long, Subject?> known, CancellationToken ct)
    {
        if (!known.TryGetValue(caseId, out var subject))
            known[caseId] = subject = await cases.CanReadAsync(caseId, ct) ? new(await cases.GetAsync(caseId, ct), await cases.PartiesAsync(caseId, ct)) : null;
        return subject;
    }

    private sealed record Subject(CaseCard Card, IReadOnlyList<PartyContact> Parties);

    // what is of somebody else is never shown: its digest and the reason are kept, so that the sender can be asked
    private async Task<TakeFeedback.Line> ApartAsync(int row, Feedback line, string text, long courtId, string why, CancellationToken ct)
    {
        var digest = Secrets.Digest(text);
        if (
            await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_quarantine WHERE court_id = @courtId AND digest = @digest", new { courtId, digest }, ct)
            == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO enforcement_quarantine (id, court_id, reference, why, digest, at) VALUES (@id, @courtId, @Reference, @why, @digest, @now)",
                new
                {
                    id = ids.Next(),
                    courtId,
                    line.Reference,
                    why,
                    digest,
                    now = clock.StoredNow(),
                },
                ct
            );
        return new(row, line.Reference, "quarantined", why);
    }

    private async Task CountAsync(long batchId, CancellationToken ct)
    {
        var b = (await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @batchId", new { batchId }, ct))!;
        var answered = await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM enforcement_batch_item WHERE batch_id = @batchId AND answered_at IS NOT NULL",
            new { batchId },
            ct
        );
        if (b.State != "answered")
            await BatchRow.Table.MoveAsync(
                db,
                answered == b.Items ? "complete" : "answer",
                b.State,
                new
                {
                    b.Id,
                    b.Version,
                    answered,
                },
                "answered = @answered",
                ct
            );
    }

    private static string CategoryOf(string asked) =>
        asked switch
        {
            "company" => "equity",
            "pboc" => "bank",
            "tax" => "other",
            var same => same,
        };
}
