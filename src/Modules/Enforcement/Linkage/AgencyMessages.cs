using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using FluentValidation;

namespace CourtOps.Enforcement.Linkage;

/// <summary>Takes an agency's answer on the public side, in the open transaction; the inner side records it by the notification.</summary>
internal sealed class PublicAnswers(Db db, Outbox outbox, TimeProvider clock)
{
    /// <exception cref="RuleBroken">Code answered: another answer is there.</exception>
    public async Task AnswerAsync(PublicRequest request, string answer, string receipt, string by, Blob? paper, CancellationToken ct)
    {
        var now = clock.StoredNow();
        if (request.AnsweredAt is not null)
            throw new RuleBroken("这件请求已经反馈过，另有内容请联系法院。", code: "answered");
        // of two answers at the same moment one is taken; the other is told so
        if (
            await db.ExecuteAsync(
                "UPDATE enforcement_public_request SET answered_at = @now, answer = @answer, answer_receipt = @receipt WHERE linkage_id = @LinkageId AND "
                    + "answered_at IS NULL",
                new
                {
                    request.LinkageId,
                    now,
                    answer,
                    receipt,
                },
                ct
            ) == 0
        )
            throw new RuleBroken("这件请求已经反馈过，另有内容请联系法院。", code: "answered");
        await outbox.AddAsync(
            Catalogue.CaseKey(request.CaseId),
            new LinkageAnswered
            {
                LinkageId = request.LinkageId,
                CaseId = request.CaseId,
                Answer = answer,
                Receipt = receipt,
                By = by,
                PaperSha256 = paper?.Sha256,
                PaperSize = paper?.Size ?? 0,
                At = now,
            },
            ct
        );
    }
}

/// <summary>A signed message of an agency: its answer to a request. Forged, stale, of another agency's request: refused; the same message a second time:
/// refused.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("enforcement.linkage.answer")]
internal sealed record TakeAgencyMessage : ICommand<TakeAgencyMessage.Result>
{
    public long AgencyId { get; init; }
    public string Timestamp { get; init; } = "";
    public string Signature { get; init; } = "";
    public string Body { get; init; } = "";

    /// <param name="Held">False: the signature does not hold.</param>
    internal sealed record Result(bool Held);

    internal sealed class Validator : AbstractValidator<TakeAgencyMessage>
    {
        public Validator() => RuleFor(c => c.Body).MaximumLength(64 * 1024).WithMessage("消息太长。");
    }

    internal sealed class Handler(Db db, Secrets secrets, PublicAnswers answers, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<TakeAgencyMessage, Result>
    {
        public async Task<Result> Handle(TakeAgencyMessage c, CancellationToken cancellationToken)
        {
            var now = clock.StoredNow();
            var agency = await db.FirstAsync<AgencyCard>(
                AgencyCard.Columns + " WHERE a.id = @AgencyId AND a.active = 1",
                new { c.AgencyId },
                cancellationToken
            );
            if (agency is null || !MessageSignature.Holds(secrets.Reveal(agency.KeyEnc), c.Timestamp, c.Signature, c.Body, now, AgencyCard.Tolerance))
                return new Result(false);
            var signature = c.Signature.ToLowerInvariant();
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_hook_seen WHERE signature = @signature", new { signature }, cancellationToken) > 0)
                throw new Conflict("这条消息已经收到过。");
            var (request, answer, receipt, by) = Read(c.Body, agency.TwoPersons);
            var found =
                await db.FirstAsync<PublicRequest>(
                    """
                    SELECT r.linkage_id, r.court_name, r.case_number, r.case_id, r.agency_name, r.act, r.words, r.basis, r.due_on, r.documents, r.digest,
                        r.expires_at, r.withdrawn_at, r.answered_at, r.answer, r.answer_receipt
                    FROM enforcement_public_request r
                    WHERE r.linkage_id = @request AND r.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM enforcement_linkage l WHERE l.id = r.linkage_id AND
                        l.agency_id = @Id)
                    """,
                    new { request, agency.Id },
                    cancellationToken
                ) ?? throw new NotFound("联动请求", request);
            await db.ExecuteAsync(
                "INSERT INTO enforcement_hook_seen (signature, agency_id, at) VALUES (@signature, @Id, @now)",
                new
                {
                    signature,
                    agency.Id,
                    now,
                },
                cancellationToken
            );
            await answers.AnswerAsync(found, answer, receipt, by, null, cancellationToken);
            audit.Note("linkage", found.LinkageId, new { by = "message", agency = agency.Id }, found.CaseId);
            return new Result(true);
        }

        private static (long Request, string Answer, string Receipt, string By) Read(string body, bool two)
        {
            try
            {
                using var json = JsonDocument.Parse(body);
                var root = json.RootElement;
                string Text(string name, int most) =>
                    root.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String && v.GetString()!.Trim() is { } text
                        ? text.Length <= most
                            ? text
                            : throw new RuleBroken($"{name} 最长 {most} 个字符。", name)
                        : "";
                if (
                    root.ValueKind != JsonValueKind.Object
                    || !root.TryGetProperty("request", out var id)
                    || id.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)
                    || !long.TryParse($"{id}", out var request)
                )
                    throw new RuleBroken("缺少 request。", "request");
                var answer = Text("answer", 1000);
                var by = Text("by", 60);
                if (answer.Length == 0 || by.Length == 0)
                    throw new RuleBroken("请填写 answer 和 by。", "answer");
                return (request, answer, Text("receipt", 120), two ? TwoPersons.Both(by, Text("releasedBy", 60), "releasedBy") : by);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException) // the second: half a sign, "\ud800"
            {
                throw new RuleBroken("不是有效的 JSON。", "body");
            }
        }
    }
}

/// <summary>Forgets messages that are too old to be sent again: by then the time stamp refuses them.</summary>
[Permit(PermitAttribute.System)]
internal sealed record ForgetMessages : ICommand
{
    internal sealed class Handler(Db db, TimeProvider clock) : CommandHandler<ForgetMessages>
    {
        protected override Task RunAsync(ForgetMessages command, CancellationToken ct) =>
            db.ExecuteAsync("DELETE FROM enforcement_hook_seen WHERE at < @before", new { before = clock.GetUtcNow() - (2 * AgencyCard.Tolerance) }, ct);
    }
}

/// <summary>The open requests of the agency that signed: what it has not answered yet.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record ListForAgency : IQuery<IReadOnlyList<ListForAgency.Row>?>
{
    public long AgencyId { get; init; }
    public string Timestamp { get; init; } = "";
    public string Signature { get; init; } = "";

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Act { get; init; } = "";
        public string Words { get; init; } = "";
        public string Basis { get; init; } = "";
        public DateOnly DueOn { get; init; }
        public string Digest { get; init; } = "";
        public string TokenEnc { get; init; } = "";
        public int Urged { get; init; }
    }

    internal sealed class Handler(Db db, Secrets secrets, TimeProvider clock) : IQueryHandler<ListForAgency, IReadOnlyList<Row>?>
    {
        public async Task<IReadOnlyList<Row>?> Handle(ListForAgency request, CancellationToken cancellationToken)
        {
            var agency = await db.FirstAsync<AgencyCard>(
                AgencyCard.Columns + " WHERE a.id = @AgencyId AND a.active = 1",
                new { request.AgencyId },
                cancellationToken
            );
            if (
                agency is null
                || !MessageSignature.Holds(secrets.Reveal(agency.KeyEnc), request.Timestamp, request.Signature, "", clock.GetUtcNow(), AgencyCard.Tolerance)
            )
                return null;
            var rows = await db.PageAsync<Row>(
                "SELECT l.id, l.act, l.words, l.basis, l.due_on, l.digest, l.token_enc, l.urged FROM enforcement_linkage l WHERE l.agency_id = @Id "
                    + "AND l.state = 'sent' ORDER BY l.due_on, l.id",
                new { agency.Id },
                500,
                cancellationToken
            );
            return [.. rows.Select(r => r with { TokenEnc = secrets.Reveal(r.TokenEnc) ?? "" })];
        }
    }
}
