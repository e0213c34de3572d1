using System.Text.Json;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;
using MediatR;

namespace CourtOps.Cataloguing.Jobs;

/// <summary>Each night, each court that has confirmed something new learns from it.</summary>
internal sealed class LearnTypes(Db db, IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var court in await db.QueryAsync<long>("SELECT DISTINCT court_id FROM cataloguing_batch WHERE state = 'confirmed'", null, ct))
            await mediator.Send(new LearnCourt { CourtId = court }, ct);
    }
}

/// <summary>Learns what first pages of each type look like from all that people of a court confirmed; answers the version, or null where nothing new is
/// known.</summary>
[Permit(PermitAttribute.System)]
[Audited("cataloguing.model.learn")]
internal sealed record LearnCourt : ICommand<int?>
{
    private const int Most = 5000;

    public long CourtId { get; init; }

    internal sealed class Validator : AbstractValidator<LearnCourt>
    {
        public Validator() => RuleFor(c => c.CourtId).NotEmpty().WithMessage("请指明法院。");
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, AuditTrail audit) : ICommandHandler<LearnCourt, int?>
    {
        public async Task<int?> Handle(LearnCourt request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<Row>(
                """
                SELECT q.paper_type, (SELECT MIN(p.ordinal) FROM cataloguing_page p WHERE p.piece_id = q.id AND p.removed = 0) AS first_page, q.id
                FROM cataloguing_piece q JOIN cataloguing_batch b ON b.id = q.batch_id
                WHERE b.court_id = @CourtId AND b.state = 'confirmed' AND q.paper_type <> '' AND q.paper_type <> 'other' ORDER BY q.id DESC
                """,
                new { request.CourtId },
                Most,
                cancellationToken
            );
            var known = await db.FirstAsync<Known>(
                "SELECT model_version, pages FROM cataloguing_model WHERE court_id = @CourtId ORDER BY model_version DESC",
                new { request.CourtId },
                cancellationToken
            );
            if (rows.Count == 0 || known?.Pages == rows.Count)
                return null;
            var confirmed = new List<(string Text, string Type)>();
            foreach (var r in rows)
                if (
                    await db.FirstAsync<string>("SELECT page_text FROM cataloguing_page WHERE piece_id = @Id AND ordinal = @FirstPage", r, cancellationToken) is
                    { Length: > 20 } text
                )
                    confirmed.Add((text, r.PaperType));
            var version = (known?.ModelVersion ?? 0) + 1;
            var accuracy = (int)Math.Round(LearnedTypes.Accuracy(confirmed) * 1000);
            await db.ExecuteAsync(
                "INSERT INTO cataloguing_model (id, court_id, model_version, trained_at, pages, accuracy, body) VALUES (@id, @CourtId, @version, "
                    + "@now, @pages, @accuracy, @body)",
                new
                {
                    id = ids.Next(),
                    request.CourtId,
                    version,
                    now = clock.GetUtcNow(),
                    pages = rows.Count,
                    accuracy,
                    body = JsonSerializer.Serialize(LearnedTypes.From(confirmed), Json.Stored),
                },
                cancellationToken
            );
            audit.Note(
                "model",
                request.CourtId,
                new
                {
                    version,
                    pages = rows.Count,
                    accuracy,
                }
            );
            return version;
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public string PaperType { get; init; } = "";
            public long FirstPage { get; init; }
        }

        private sealed record Known
        {
            public int ModelVersion { get; init; }
            public int Pages { get; init; }
        }
    }
}
