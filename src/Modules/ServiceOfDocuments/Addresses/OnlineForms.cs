using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;

namespace CourtOps.ServiceOfDocuments.Addresses;

/// <summary>Takes in what a party signed on its page. A person looks at it: who opens a link is not always who it was sent to.</summary>
internal sealed class OnlineForms(Db db, AddressBook book, ICases cases, Secrets secrets, Notices notices, Alarms alarms)
{
    public async Task TakeAsync(Notice notice, DateTimeOffset at, CancellationToken ct)
    {
        var row = await db.FirstAsync<Row>(
            "SELECT id, form_enc FROM service_public_form WHERE notice_id = @Id AND kind = 'address' AND at = @at",
            new { notice.Id, at },
            ct
        );
        if (
            row is null
            || await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM service_confirmation WHERE notice_id = @Id AND created_at >= @at AND way = 'online'",
                new { notice.Id, at },
                ct
            ) > 0
        )
            return;
        if ((await cases.PartiesAsync(notice.CaseId, ct)).FirstOrDefault(p => p.Id == notice.PartyId) is not { } party)
            return;
        var form = JsonSerializer.Deserialize<ConfirmationForm>(secrets.Reveal(row.FormEnc)!, Json.Stored)!;
        await book.ConfirmAsync(party, form, "online", notice.Id, null, null, notice.Recipient, ct);
        await notices.NoteAsync(notice, "address-confirmed", at, new { form.EService }, null, ct);
        await alarms.RaiseAsync(
            "confirmation",
            $"confirmation:{row.Id}",
            notice.CaseId,
            notice.Id,
            notice.Recipient,
            $"{notice.Recipient}在线填写了送达地址确认书（{(form.EService ? "同意" : "不同意")}电子送达）。请核对地址；在办的送达可以改用新地址。",
            ct
        );
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string FormEnc { get; init; } = "";
    }
}
