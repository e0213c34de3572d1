namespace CourtOps.ServiceOfDocuments;

/// <summary>A notice as it is stored, for looking at.</summary>
internal sealed record NoticeRow
{
    public string State { get; init; } = "";
    public string? Reason { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    public DateTimeOffset? OpenedAt { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? BouncedAt { get; init; }
    public DateOnly? EffectiveOn { get; init; }
    public bool Presumed { get; init; }
    public long? ProofDocumentId { get; init; }

    public static async Task<NoticeRow> Of(TestApp app, long id) =>
        (
            await app.As(null)
                .Value<NoticeRow>(
                    "SELECT state, reason, sent_at, opened_at, read_at, confirmed_at, bounced_at, effective_on, presumed, proof_document_id FROM "
                        + "service_notice WHERE id = @id",
                    new { id }
                )
        )!;
}

/// <summary>The party on its page, without a browser.</summary>
internal static class PartyActs
{
    public const string Tail = "001X";

    public static async Task<string> Token(this TestApp app, long notice) =>
        await app.As(null)
            .In(async s =>
            {
                var db = (Kernel.Data.Db)s.GetService(typeof(Kernel.Data.Db))!;
                var secrets = (Kernel.Security.Secrets)s.GetService(typeof(Kernel.Security.Secrets))!;
                return secrets.Reveal(await db.FirstAsync<string>("SELECT token_enc FROM service_notice WHERE id = @notice", new { notice }))!;
            });

    public static async Task<Party.Identify.Result> Identify(this TestApp app, long notice, string tail = Tail) =>
        await app.As(null).Send(new Party.Identify { Token = await app.Token(notice), Tail = tail });

    public static async Task Read(this TestApp app, long notice, int n = 1) =>
        await app.As(null).Send(new Party.ReadPaper { Token = await app.Token(notice), N = n });

    public static async Task Confirm(this TestApp app, long notice, bool notMe = false) =>
        await app.As(null).Send(new Party.Confirm { Token = await app.Token(notice), NotMe = notMe });
}
