using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Cataloguing.Efile;

/// <summary>What a reader noted on a page of the e-file. It stands beside the document, never in it.</summary>
internal sealed record Note
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long DocumentId { get; init; }
    public string Title { get; init; } = "";
    public string Volume { get; init; } = "";

    /// <summary>Of the document, from 1.</summary>
    public int Page { get; init; }

    /// <summary>Seen by those of the writer's court who see the case; otherwise by the writer alone.</summary>
    public bool Team { get; init; }
    public string Body { get; init; } = "";
    public long AuthorId { get; init; }
    public string AuthorName { get; init; } = "";
    public DateTimeOffset WrittenAt { get; init; }
    public int Version { get; init; }
}

/// <summary>Notes of the cases the person may see: one's own, and those for the team of one's court; in the order of the pages.</summary>
[Permit("cataloguing.read")]
internal sealed record ListNotes : IQuery<IReadOnlyList<Note>>
{
    public const int Most = 500;

    public long? CaseId { get; init; }
    public long? DocumentId { get; init; }

    internal sealed class Handler(Db db, ICases cases, Actor actor, AccessLog reads) : IQueryHandler<ListNotes, IReadOnlyList<Note>>
    {
        public async Task<IReadOnlyList<Note>> Handle(ListNotes request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } only)
                await cases.GetAsync(only, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<Note>(
                $"""
                SELECT n.id, n.case_id, c.number AS case_number, n.document_id, i.title, i.volume, n.page, n.team, n.body, n.author_id, n.author_name,
                    n.written_at, n.version
                FROM cataloguing_note n
                JOIN workzone_case_card c ON c.id = n.case_id
                JOIN cataloguing_item i ON i.case_id = n.case_id AND i.document_id = n.document_id
                WHERE (n.author_id = @author OR (n.team = 1 AND n.court_id = @court)) AND (@only = 0 OR n.case_id = @only) AND (@document = 0 OR n.document_id =
                    @document) AND {cases.Seen(
                    "n.case_id"
                )}
                ORDER BY n.case_id DESC, n.document_id, n.page, n.id
                """,
                new
                {
                    author = actor.Id,
                    court = actor.CourtId,
                    only = request.CaseId ?? 0,
                    document = request.DocumentId ?? 0,
                    me,
                    courts,
                    places,
                },
                Most,
                cancellationToken
            );
            var secondary = new Dictionary<long, bool>();
            var seen = new List<Note>();
            foreach (var note in rows)
            {
                if (note.Volume == "secondary")
                {
                    if (!secondary.TryGetValue(note.CaseId, out var may))
                        secondary[note.CaseId] = may = await cases.CanReadSecondaryAsync(note.CaseId, cancellationToken);
                    if (!may)
                        continue;
                }
                seen.Add(note);
            }
            reads.List("cataloguing.note.list", seen.Count, new { request.DocumentId }, request.CaseId);
            return seen;
        }
    }
}

/// <summary>A reader notes something on a page. With <see cref="Id"/> their own note is changed.</summary>
[Permit("cataloguing.read")]
[Audited("cataloguing.note.write")]
internal sealed record WriteNote : ICommand<long>
{
    /// <summary>Of one's own note that is changed; 0 for a new one.</summary>
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long DocumentId { get; init; }

    /// <summary>The page of the document, from 1.</summary>
    public int At { get; init; } = 1;
    public bool Team { get; init; }
    public string Body { get; init; } = "";
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<WriteNote>
    {
        public Validator()
        {
            RuleFor(c => c.Body).NotEmpty().WithMessage("请填写笔记。").MaximumLength(1000).WithMessage("笔记最长 1000 个字符。");
            RuleFor(c => c.At).InclusiveBetween(1, 100_000).WithMessage("页码从 1 起。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, NoteBook book, AuditTrail audit) : ICommandHandler<WriteNote, long>
    {
        public async Task<long> Handle(WriteNote request, CancellationToken cancellationToken)
        {
            // what is noted is nobody's business in the trail: only that, where, and for whom
            if (request.Id != 0)
            {
                var known = await book.OwnAsync(request.Id, cancellationToken);
                if (request.Version is { } seen && seen != known.Version)
                    throw new Conflict("笔记刚在别处改过，请刷新后再看。");
                if (
                    await db.ExecuteAsync(
                        "UPDATE cataloguing_note SET body = @Body, team = @Team, version = version + 1 WHERE id = @Id AND version = @Version",
                        new
                        {
                            request.Body,
                            request.Team,
                            known.Id,
                            known.Version,
                        },
                        cancellationToken
                    ) == 0
                )
                    throw new Conflict("笔记刚在别处改过，请刷新后再看。");
                audit.Note("note", known.Id, new { request.Team }, known.CaseId);
                return known.Id;
            }
            var item = await book.PlaceAsync(request.CaseId, request.DocumentId, cancellationToken);
            if (item.Pages is { } pages && request.At > pages)
                throw new RuleBroken($"这件文书只有 {pages} 页。", "At", "page");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO cataloguing_note (id, case_id, document_id, page, team, body, court_id, author_id, author_name, written_at, version) "
                    + "VALUES (@id, @CaseId, @DocumentId, @At, @Team, @Body, @court, @author, @Name, @now, 1)",
                new
                {
                    id,
                    request.CaseId,
                    request.DocumentId,
                    request.At,
                    request.Team,
                    request.Body,
                    court = actor.CourtId,
                    author = actor.Id,
                    actor.Name,
                    now = clock.GetUtcNow(),
                },
                cancellationToken
            );
            audit.Note("note", id, new { request.Team, request.At }, request.CaseId);
            return id;
        }
    }
}

/// <summary>The writer takes a note away.</summary>
[Permit("cataloguing.read")]
[Audited("cataloguing.note.remove")]
internal sealed record RemoveNote : ICommand<long>
{
    public long Id { get; init; }

    internal sealed class Validator : AbstractValidator<RemoveNote>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明笔记。");
    }

    internal sealed class Handler(Db db, NoteBook book, AuditTrail audit) : ICommandHandler<RemoveNote, long>
    {
        public async Task<long> Handle(RemoveNote request, CancellationToken cancellationToken)
        {
            var note = await book.OwnAsync(request.Id, cancellationToken);
            await db.ExecuteAsync("DELETE FROM cataloguing_note WHERE id = @Id", new { note.Id }, cancellationToken);
            audit.Note("note", note.Id, new { note.Team, note.Page }, note.CaseId);
            return note.Id;
        }
    }
}

/// <summary>Where notes stand and whose they are.</summary>
internal sealed class NoteBook(Db db, Actor actor, ICases cases, ShowEfile.EfileReader efile)
{
    /// <exception cref="NotFound">No such document in a volume that this person reads.</exception>
    public async Task<ShowEfile.Item> PlaceAsync(long caseId, long documentId, CancellationToken ct) =>
        (await efile.ReadAsync(caseId, ct)).Volumes.SelectMany(v => v.Items).FirstOrDefault(i => i.DocumentId == documentId)
        ?? throw new NotFound("文书", documentId);

    /// <exception cref="NotFound">No such note, another person's, or of a case that this person sees no more.</exception>
    public async Task<Note> OwnAsync(long id, CancellationToken ct)
    {
        var note = await db.FirstAsync<Note>(
            "SELECT n.id, n.case_id, n.document_id, n.page, n.team, n.body, n.author_id, n.author_name, n.written_at, n.version FROM cataloguing_note "
                + "n WHERE n.id = @id AND n.author_id = @author",
            new { id, author = actor.Id },
            ct
        );
        return note is not null && await cases.CanReadAsync(note.CaseId, ct) ? note : throw new NotFound("笔记", id);
    }
}
