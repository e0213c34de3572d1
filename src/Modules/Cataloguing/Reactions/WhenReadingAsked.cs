using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>
/// Takes an application of the web in: a lending of its case waits for the court's decision. Where no case of that court has an agent of this name and phone,
/// and
/// where the case is sealed, the answer is the same.
/// </summary>
internal sealed class WhenReadingAsked(Db db, ICases cases, Secrets secrets, LendingBook book) : INotificationHandler<ReadingAsked>
{
    public async Task Handle(ReadingAsked notification, CancellationToken cancellationToken)
    {
        var ask = await db.FirstAsync<Row>(
            "SELECT id, court_id, case_number, person, phone_enc, licence, purpose, wanted FROM cataloguing_public_reading_ask WHERE id = @PublicId "
                + "AND stage = 'received'",
            new { notification.PublicId },
            cancellationToken
        );
        if (ask is null)
            return;
        var caseId = await db.FirstAsync<long?>(
            $"SELECT c.id FROM workzone_case_card c WHERE c.number = @CaseNumber AND c.court_id = @CourtId AND {cases.Announceable("c.id")}",
            new { ask.CaseNumber, ask.CourtId },
            cancellationToken
        );
        var phone = secrets.Reveal(ask.PhoneEnc) ?? "";
        var name = Written.NameKey(ask.Person);
        var agent = caseId is { } id
            ? (await cases.AgentsAsync(id, cancellationToken)).FirstOrDefault(a =>
                Written.NameKey(a.Name) == name && a.PhoneTail is { Length: 4 } tail && phone.EndsWith(tail, StringComparison.Ordinal)
            )
            : null;
        if (agent is null)
        {
            await db.ExecuteAsync(
                "UPDATE cataloguing_public_reading_ask SET stage = 'refused', answer = @answer WHERE id = @Id",
                new { ask.Id, answer = AskStage.NotFound },
                cancellationToken
            );
            return;
        }
        var card = await cases.GetAsync(caseId!.Value, cancellationToken);
        var lending = await book.AddAsync(
            card,
            new NewLending
            {
                Kind = LendingKind.Reading,
                Applicant = ask.Person,
                Credential = ask.Licence,
                Purpose = ask.Purpose,
                Wanted = ask.Wanted,
                Agent = agent,
                AskedByName = "网上申请",
                PublicId = ask.Id,
            },
            cancellationToken
        );
        await db.ExecuteAsync(
            "UPDATE cataloguing_public_reading_ask SET stage = 'asked', lending_id = @Id, reference = @Reference WHERE id = @ask",
            new
            {
                lending.Id,
                lending.Reference,
                ask = ask.Id,
            },
            cancellationToken
        );
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string Person { get; init; } = "";
        public string? PhoneEnc { get; init; }
        public string Licence { get; init; } = "";
        public string Purpose { get; init; } = "";
        public string Wanted { get; init; } = "";
    }
}
