using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Triage.Filings;

/// <summary>A party the counter has had before, by the whole id number: what was written down the last time, among the filings this person may see.</summary>
[Permit("triage.work")]
internal sealed record KnownParty : IQuery<PartyIn?>
{
    public string IdNumber { get; init; } = "";

    internal sealed class Handler(Db db, FilingBook book, Secrets secrets, AccessLog reads) : IQueryHandler<KnownParty, PartyIn?>
    {
        public async Task<PartyIn?> Handle(KnownParty request, CancellationToken cancellationToken)
        {
            var number = PartyReading.Sign(request.IdNumber);
            if (number.Length < 15)
                throw new RuleBroken("请先输入完整的证件号码。", "IdNumber");
            var (me, courts, places) = book.Arguments;
            var row = await db.FirstAsync<Row>(
                $"""
                SELECT p.id, p.filing_id, p.name, p.party_type, p.id_number_enc, p.phone_enc, p.email_enc, p.e_service, p.language
                FROM triage_filing_party p JOIN triage_filing f ON f.id = p.filing_id
                WHERE p.id_number_idx IN @keys AND {book.Seen} ORDER BY p.id DESC
                """,
                new
                {
                    keys = secrets.BlindAll(number),
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            if (row is null)
            {
                reads.List("triage.party.known", 0, new { });
                return null;
            }
            reads.Note("triage.party.known", "filing", row.FilingId);
            return new PartyIn
            {
                Name = row.Name,
                PartyType = row.PartyType,
                IdNumber = secrets.Reveal(row.IdNumberEnc) ?? number,
                Phone = secrets.Reveal(row.PhoneEnc) ?? "",
                Email = secrets.Reveal(row.EmailEnc) ?? "",
                EService = row.EService,
                Language = row.Language,
            };
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public long FilingId { get; init; }
            public string Name { get; init; } = "";
            public string PartyType { get; init; } = "";
            public string? IdNumberEnc { get; init; }
            public string? PhoneEnc { get; init; }
            public string? EmailEnc { get; init; }
            public string EService { get; init; } = "";
            public string Language { get; init; } = "zh";
        }
    }
}
