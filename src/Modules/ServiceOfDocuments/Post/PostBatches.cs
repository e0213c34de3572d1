using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>What a letter costs, by court.</summary>
internal sealed record PostSettings
{
    public long Cents { get; init; } = 2200;

    public static Setting<PostSettings> Setting { get; } =
        new()
        {
            Key = "service.post",
            Label = "法院专递费用",
            Centre = "service",
            Affects = "此后建立的邮寄批次",
            Help = "每封法院专递的费用，用于批次和看板的费用合计。",
            Values =
            [
                new(nameof(Cents), "每封费用", "与邮政企业约定的资费。")
                {
                    Money = true,
                    Min = 0,
                    Max = 1_000_000,
                    Source = "与邮政企业的约定",
                    Tag = SettingTags.Practice,
                },
            ],
        };
}

internal sealed record BatchRow
{
    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public DateOnly Day { get; init; }
    public string? Area { get; init; }
    public long? PersonId { get; init; }
    public string? PersonName { get; init; }
    public string State { get; init; } = "";
    public int Items { get; init; }
    public int CentsEach { get; init; }
    public string? HandedTo { get; init; }
    public DateTimeOffset? HandedAt { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; init; }
}

/// <summary>One letter of a batch with its address.</summary>
internal sealed record LetterRow
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public string State { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Recipient { get; init; } = "";
    public long PartyId { get; init; }
    public long? AddressId { get; init; }
    public string? Tracking { get; init; }
    public string? Result { get; init; }
    public DateTimeOffset? UntilAt { get; init; }
    public string? AddressEnc { get; init; }
    public string? Postcode { get; init; }
    public string? Addressee { get; init; }
    public string? PhoneEnc { get; init; }
    public string? Origin { get; init; }
    public bool Warned { get; init; }
}

internal static class BatchSql
{
    public const string Columns =
        "SELECT b.id, b.kind, b.number, b.court_id, b.day, b.area, b.person_id, b.person_name, b.state, b.items, b.cents_each, b.handed_to, "
        + "b.handed_at, b.created_by, b.created_at, b.version FROM service_batch b";

    public const string Letters = """
        SELECT s.id, s.notice_id, s.order_id, s.case_id, s.state, n.case_number, n.court_name, n.recipient, n.party_id, s.address_id, s.tracking, s.result,
            s.until_at, a.text_enc AS address_enc, a.postcode, a.recipient AS addressee, a.phone_enc, a.origin, a.warned
        FROM service_step s JOIN service_notice n ON n.id = s.notice_id LEFT JOIN service_address a ON a.id = s.address_id
        """;
}

/// <summary>Batches of the courts this person works for, newest first.</summary>
[Permit("service.work")]
internal sealed record ListBatches : IQuery<IReadOnlyList<BatchRow>>
{
    public string Kind { get; init; } = "post";

    internal sealed class Handler(Db db, Actor actor, Kernel.Access.AccessLog reads) : IQueryHandler<ListBatches, IReadOnlyList<BatchRow>>
    {
        public async Task<IReadOnlyList<BatchRow>> Handle(ListBatches request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<BatchRow>(
                BatchSql.Columns + " WHERE b.kind = @Kind AND b.court_id IN @courts ORDER BY b.id DESC",
                new { request.Kind, courts = actor.Courts },
                100,
                cancellationToken
            );
            reads.List("service.batch.list", rows.Count, new { request.Kind });
            return rows;
        }
    }
}

/// <summary>A batch with its letters or visits; of orders this person may see.</summary>
[Permit("service.work")]
internal sealed record ShowBatch : IQuery<ShowBatch.Result>
{
    public long Id { get; init; }

    internal sealed record Result(BatchRow Batch, IReadOnlyList<LetterRow> Letters);

    internal sealed class Handler(Db db, IWorkOrders orders, Actor actor, Kernel.Access.AccessLog reads) : IQueryHandler<ShowBatch, Result>
    {
        public async Task<Result> Handle(ShowBatch request, CancellationToken cancellationToken)
        {
            var batch = await Batches.FindAsync(db, actor, request.Id, cancellationToken);
            var (me, courts, places) = orders.SeenArguments;
            var letters = await db.QueryAsync<LetterRow>(
                BatchSql.Letters + " WHERE s.batch_id = @Id AND " + orders.Seen("s.order_id") + " ORDER BY s.id",
                new
                {
                    request.Id,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            reads.Note("service.batch.view", "batch", batch.Id);
            return new Result(batch, letters);
        }
    }
}

/// <summary>What a batch may do.</summary>
internal static class BatchTable
{
    public static readonly Kernel.States.StateTable Table = new("service_batch", "批次", new Kernel.States.Move("hand", ["open"], "handed"));
}

internal static class Batches
{
    /// <exception cref="NotFound">No such batch, or of a court this person does not work for.</exception>
    public static async Task<BatchRow> FindAsync(Db db, Actor actor, long id, CancellationToken ct) =>
        await db.FirstAsync<BatchRow>(BatchSql.Columns + " WHERE b.id = @id AND b.court_id IN @courts", new { id, courts = actor.Courts }, ct)
        ?? throw new NotFound("批次", id);
}
