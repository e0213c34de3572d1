using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Drafts;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.TrialSupport.Meetings;

/// <summary>A document of the case or a draft, laid before a meeting for one item of its agenda, as it was then.</summary>
internal sealed record MeetingPaper
{
    public const string Columns =
        "p.id, p.meeting_id, p.item, p.kind, p.source_id, p.title, p.revision, p.blob, p.added_name, p.added_at, p.withdrawn_at FROM trial_meeting_paper p";

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string> { ["document"] = "本案文书", ["draft"] = "文书草稿" };

    public long Id { get; init; }
    public long MeetingId { get; init; }

    /// <summary>Counted from 1, see <see cref="PaperRules.Items"/>.</summary>
    public int Item { get; init; }

    /// <summary>A key of <see cref="Kinds"/>.</summary>
    public string Kind { get; init; } = "";
    public long SourceId { get; init; }
    public string Title { get; init; } = "";
    public int Revision { get; init; }
    public string Blob { get; init; } = "";
    public string AddedName { get; init; } = "";
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>From then on the members read it no more.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }
}

/// <summary>The agenda and its papers. Pure.</summary>
internal static class PaperRules
{
    /// <summary>Papers of one meeting.</summary>
    public const int Most = 60;

    /// <summary>The items of an agenda: its lines that are not blank, in order.</summary>
    public static IReadOnlyList<string> Items(string agenda) =>
        agenda.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a member may read a paper: while the meeting is called and the paper was not taken back.</summary>
    public static bool IsOpen(string meetingState, MeetingPaper paper) => meetingState == "called" && paper.WithdrawnAt is null;

    /// <summary>What the minutes say of the papers of an item: each with its revision, those taken back before the end too.</summary>
    public static string Listed(IEnumerable<MeetingPaper> papers) =>
        string.Join('、', papers.Select(p => p.Kind == "draft" ? $"{p.Title}（草稿，第 {p.Revision} 稿）" : p.Title));
}

/// <summary>Who called the meeting lays papers of the case before it; the members read them for this meeting only.</summary>
[Permit("trial.sign")]
[Audited("trial.meeting.paper")]
internal sealed record AddMeetingPapers : ICommand<int>
{
    public long Id { get; init; }
    public int Item { get; init; } = 1;
    public IReadOnlyList<long> Documents { get; init; } = [];
    public IReadOnlyList<long> Drafts { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AddMeetingPapers>
    {
        public Validator()
        {
            RuleFor(c => c.Id).NotEmpty().WithMessage("请指明评议。");
            RuleFor(c => c.Item).GreaterThan(0).WithMessage("请选择评议的问题。");
            RuleFor(c => c.Documents).Must((c, d) => d.Count + c.Drafts.Count > 0).WithMessage("请选择要提交的材料。");
            RuleFor(c => c.Documents).Must((c, d) => d.Count + c.Drafts.Count <= PaperRules.Most).WithMessage($"一次评议最多 {PaperRules.Most} 份材料。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, MeetingBook book, DraftBook drafts, IDocuments documents, AuditTrail audit)
        : ICommandHandler<AddMeetingPapers, int>
    {
        public async Task<int> Handle(AddMeetingPapers c, CancellationToken cancellationToken)
        {
            var m = await book.GetAsync(c.Id, null, cancellationToken);
            if (m.CalledBy != actor.Id)
                throw new Forbidden("trial.sign", "由召集人提交材料。");
            if (m.State != "called")
                throw new RuleBroken($"评议现在是“{MeetingRow.States[m.State]}”，不能再提交材料。", "Documents", "state");
            if (c.Item > PaperRules.Items(m.Agenda).Count)
                throw new RuleBroken("没有这个评议的问题。", "Item", "item");
            var there = await book.PapersAsync(m.Id, cancellationToken);
            var fresh = new List<MeetingPaper>();
            foreach (var id in c.Documents.Distinct())
                fresh.Add(
                    await documents.GetAsync(id, cancellationToken) is { } d && d.CaseId == m.CaseId
                        ? new()
                        {
                            Kind = "document",
                            SourceId = d.Id,
                            Title = d.Title,
                            Revision = d.Revision,
                            Blob = d.Blob,
                        }
                        : throw new NotFound("文书", id)
                );
            foreach (var id in c.Drafts.Distinct())
                fresh.Add(
                    await drafts.OpenAsync(id, null, cancellationToken) is { } d && d.CaseId == m.CaseId
                        ? new()
                        {
                            Kind = "draft",
                            SourceId = d.Id,
                            Title = d.Title,
                            Revision = d.Revision,
                            Blob = d.Blob,
                        }
                        : throw new NotFound("文书草稿", id)
                );
            fresh.RemoveAll(f => there.Any(p => p.Item == c.Item && p.Kind == f.Kind && p.SourceId == f.SourceId && p.Revision == f.Revision));
            if (there.Count + fresh.Count > PaperRules.Most)
                throw new RuleBroken($"一次评议最多 {PaperRules.Most} 份材料。", "Documents", "many");
            foreach (var p in fresh)
                await db.ExecuteAsync(
                    "INSERT INTO trial_meeting_paper (id, meeting_id, item, kind, source_id, title, revision, blob, added_name, added_at) VALUES "
                        + "(@id, @meeting, @Item, @Kind, @SourceId, @Title, @Revision, @Blob, @name, @now)",
                    new
                    {
                        id = ids.Next(),
                        meeting = m.Id,
                        c.Item,
                        p.Kind,
                        p.SourceId,
                        p.Title,
                        p.Revision,
                        p.Blob,
                        name = actor.Name,
                        now = clock.StoredNow(),
                    },
                    cancellationToken
                );
            audit.Note("meeting", m.Id, new { c.Item, papers = fresh.Select(p => $"{p.Kind}:{p.SourceId}:{p.Revision}").ToList() }, m.CaseId);
            return fresh.Count;
        }
    }
}

/// <summary>Who called the meeting takes a paper back before its end; the minutes still list it.</summary>
[Permit("trial.sign")]
[Audited("trial.meeting.paper")]
internal sealed record WithdrawMeetingPaper : ICommand<MeetingPaper>
{
    public long Id { get; init; }
    public long PaperId { get; init; }

    internal sealed class Validator : AbstractValidator<WithdrawMeetingPaper>
    {
        public Validator() => RuleFor(c => c.PaperId).NotEmpty().WithMessage("请指明材料。");
    }

    internal sealed class Handler(Actor actor, TimeProvider clock, MeetingBook book, AuditTrail audit) : ICommandHandler<WithdrawMeetingPaper, MeetingPaper>
    {
        public async Task<MeetingPaper> Handle(WithdrawMeetingPaper c, CancellationToken cancellationToken)
        {
            var m = await book.GetAsync(c.Id, null, cancellationToken);
            if (m.CalledBy != actor.Id)
                throw new Forbidden("trial.sign", "由召集人收回材料。");
            var paper = (await book.PapersAsync(m.Id, cancellationToken)).FirstOrDefault(p => p.Id == c.PaperId) ?? throw new NotFound("评议材料", c.PaperId);
            if (!PaperRules.IsOpen(m.State, paper))
                throw new RuleBroken("材料已经收回。", "PaperId", "withdrawn");
            await book.WithdrawAsync(m.Id, paper.Id, clock.StoredNow(), cancellationToken);
            audit.Note("meeting", m.Id, new { withdrawn = $"{paper.Kind}:{paper.SourceId}:{paper.Revision}" }, m.CaseId);
            return paper;
        }
    }
}

/// <summary>A paper for a member of the meeting, while it is called; in the access log before the first byte leaves.</summary>
[Permit("trial.read")]
internal sealed record ReadMeetingPaper : IQuery<MeetingPaper>
{
    public long Id { get; init; }
    public long PaperId { get; init; }

    internal sealed class Handler(Actor actor, MeetingBook book, AccessLog reads) : IQueryHandler<ReadMeetingPaper, MeetingPaper>
    {
        public async Task<MeetingPaper> Handle(ReadMeetingPaper request, CancellationToken cancellationToken)
        {
            var m = await book.GetAsync(request.Id, null, cancellationToken);
            var paper =
                (await book.PapersAsync(m.Id, cancellationToken)).FirstOrDefault(p => p.Id == request.PaperId)
                ?? throw new NotFound("评议材料", request.PaperId);
            // with the secondary volume one sees the meeting, not what its members were given: that is read in the file of the case
            if (!await book.IsMemberAsync(m, cancellationToken))
            {
                reads.Refused("meeting-paper", paper.Id, m.CaseId);
                throw new Forbidden("trial.read", "材料只给这次评议的成员看。");
            }
            if (!PaperRules.IsOpen(m.State, paper))
            {
                reads.Refused("meeting-paper", paper.Id, m.CaseId);
                throw new RuleBroken("评议已经结束或者材料已经收回，不能再看。", "PaperId", "withdrawn");
            }
            reads.Note(
                "trial.meeting.paper.read",
                "meeting-paper",
                paper.Id,
                m.CaseId,
                detail: new
                {
                    meeting = m.Id,
                    paper.Kind,
                    paper.SourceId,
                    by = actor.Id,
                }
            );
            return paper;
        }
    }
}

/// <summary>What of the case can be laid before its meetings, for who called one.</summary>
[Permit("trial.sign")]
internal sealed record ListMeetingChoices : IQuery<ListMeetingChoices.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(IReadOnlyList<DocumentCard> Documents, IReadOnlyList<Draft> Drafts);

    internal sealed class Handler(Db db, ICases cases, IDocuments documents) : IQueryHandler<ListMeetingChoices, Result>
    {
        public async Task<Result> Handle(ListMeetingChoices request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            return new Result(
                await documents.OfCaseAsync(card.Id, cancellationToken),
                await db.QueryAsync<Draft>(
                    DraftBook.Columns + " WHERE d.case_id = @Id AND d.state NOT IN ('issued', 'withdrawn') ORDER BY d.id DESC",
                    new { card.Id },
                    cancellationToken
                )
            );
        }
    }
}
