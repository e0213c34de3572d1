using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>What verify says of service: nothing after every way a notice may go, and of each thing that does not fit its place and what it is.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ServiceHoldsTests(Engine engine) : AppTests(engine)
{
    private const string Check = "service";

    [Test]
    public async Task Every_way_a_notice_may_go_holds()
    {
        var refused = SampleParty.Provided with { Name = "李某丁", Email = "li@party.example" };
        App.Smtp.Refused["li@party.example"] = true;
        var order = await App.Asked(
            1,
            [SampleParty.Provided, SampleParty.Obtained, SampleParty.Linked, refused, SampleParty.Obtained with { Name = "崔某庚" }],
            [("起诉状副本", "complaint"), ("传票", "summons")]
        );
        await Holds("waiting for the clerk");
        foreach (var notice in order.Notices)
            await App.SendNotice(notice);
        await Holds("on its way");
        await App.DrainAsync();
        await Holds("sent");
        foreach (var notice in order.Notices.Skip(1).Take(2))
        {
            App.Advance(TimeSpan.FromDays(1));
            await App.Identify(notice);
            await App.Read(notice, 1);
            await App.DrainAsync();
            await Holds("one document is read");
            App.Advance(TimeSpan.FromDays(1));
            await App.Confirm(notice);
            await App.Read(notice, 2);
            await App.DrainAsync();
            await Holds("read and confirmed");
        }
        await App.RunJob<GiveUpUnread>();
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Rows<string>("SELECT state FROM service_notice ORDER BY id"),
            Is.EqualTo(new[] { "served", "served", "served", "failed", "unread" })
        );
        await Holds("at the end");
    }

    [Test]
    public async Task A_withdrawn_order_holds()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Obtained], [("起诉状副本", "complaint"), ("传票", "summons")]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        await App.Identify(order.Notice);
        await App.Read(order.Notice, 1);
        await App.DrainAsync();
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Cancel,
                    Words = "撤诉",
                }
            );
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("cancelled"));
        await Holds("what took effect stays");
    }

    [TestCase(
        "DELETE FROM kernel_delivery; DELETE FROM kernel_outbox WHERE name = 'service.document-served'",
        "task",
        "it took effect, and DocumentServed was published 0 times"
    )]
    [TestCase(
        "UPDATE kernel_outbox SET name = 'service.document-served', body = (SELECT s.body FROM kernel_outbox s WHERE s.name = "
            + "'service.document-served') WHERE name = 'service.proof-made'",
        "task",
        "it took effect, and DocumentServed was published 2 times"
    )]
    [TestCase("UPDATE service_task SET effective_on = NULL", "task", "it has no day of effect, and DocumentServed was published")]
    [TestCase("UPDATE service_task SET effective_on = '2026-03-03'", "task", "its day of effect is 2026-03-03, the facts give 2026-03-02")]
    [TestCase("UPDATE service_notice SET address_kind = 'obtained'", "task", "its day of effect is 2026-03-02, the facts give none")]
    [TestCase("UPDATE service_notice SET sent_at = NULL", "task", "its day of effect is 2026-03-02, the facts give none")]
    [TestCase(
        "UPDATE service_notice SET sent_at = '2026-03-05T00:00:00.0000000Z'; UPDATE service_task SET effective_on = '2026-03-05'",
        "task",
        "its day of effect is 2026-03-05, DocumentServed said 2026-03-02"
    )]
    [TestCase("UPDATE service_notice SET effective_on = '2026-03-03'", "notice", "its day of effect is 2026-03-03, and not that of its last document")]
    [TestCase("UPDATE service_task SET effective_on = NULL", "notice", "it is served, and not all of its documents took effect")]
    [TestCase("UPDATE service_notice SET state = 'sent'", "notice", "its state, served_at and effective_on do not fit")]
    [TestCase("UPDATE service_notice SET state = 'sent'", "notice", "its order is closed, and it is sent")]
    [TestCase("UPDATE service_notice SET proof_document_id = 7", "notice", "its proof is document 7, ProofMade said")]
    [TestCase("UPDATE service_notice SET proof_at = NULL", "notice", "its proof and proof_at do not fit")]
    [TestCase("UPDATE service_notice SET proof_document_id = NULL, proof_at = NULL", "notice", "it has no proof, and ProofMade was published")]
    [TestCase("UPDATE service_notice SET proof_document_id = NULL, proof_at = NULL", "notice", "it is served, and no work will make its proof")]
    [TestCase(
        "UPDATE kernel_outbox SET name = 'service.party-acted' WHERE name = 'service.proof-made'",
        "notice",
        "it has a proof, and ProofMade was published 0 times"
    )]
    [TestCase("UPDATE service_notice SET released_at = NULL", "notice", "sent_at is there and released_at is not")]
    [TestCase("UPDATE service_notice SET sent_at = '2026-03-01T00:00:00.0000000Z'", "notice", "sent_at is before released_at")]
    [TestCase("UPDATE service_notice SET opened_at = '2026-03-01T00:00:00.0000000Z'", "notice", "opened_at is before released_at")]
    [TestCase("UPDATE service_notice SET read_at = '2026-03-09T00:00:00.0000000Z'", "notice", "read_at is there and opened_at is not")]
    [TestCase("UPDATE service_notice SET confirmed_at = '2026-03-09T00:00:00.0000000Z'", "notice", "confirmed_at is there and opened_at is not")]
    [TestCase(
        "UPDATE service_notice SET opened_at = '2026-03-09T00:00:00.0000000Z', read_at = '2026-03-08T00:00:00.0000000Z'",
        "notice",
        "read_at is before opened_at"
    )]
    [TestCase("UPDATE service_task SET read_at = '2026-03-09T00:00:00.0000000Z'", "notice", "read_at of service_task # is there and read_at is not")]
    [TestCase("UPDATE service_notice SET proof_at = '2026-03-01T00:00:00.0000000Z'", "notice", "proof_at is before served_at")]
    public async Task What_was_changed_is_found(string change, string place, string what)
    {
        _ = App.Smtp;
        var order = await Sent();
        foreach (var statement in change.Split("; "))
            await App.Change(statement);
        Assert.That(
            await Found(),
            Has.One.StartsWith(
                $"order {order.OrderId} service_{place} {(place == "task" ? order.Tasks[0] : order.Notice)}: "
                    + $"{what.Replace("#", $"{order.Tasks[0]}", StringComparison.Ordinal)}"
            )
        );
    }

    [TestCase("UPDATE service_notice SET recipient = '李某丁'", "it is not what the audit trail keeps of it")]
    [TestCase("UPDATE service_notice SET round = 2", "it is not what the audit trail keeps of it")]
    [TestCase("UPDATE service_task SET document_title = '裁定书'", "it is not what the audit trail keeps of it")]
    [TestCase("UPDATE service_task SET document_blob = 'ab'", "it is not what the audit trail keeps of it")]
    [TestCase("UPDATE service_task SET recipient = '李某丁'", "it is not what the audit trail keeps of it")]
    [TestCase("DELETE FROM service_task", "it is not what the audit trail keeps of it")]
    [TestCase(
        "UPDATE kernel_audit SET object_id = '7' WHERE action = 'kernel.facts.kept' AND object_type = 'service-notice'; UPDATE service_notice SET "
            + "created_at = '2099-01-01T00:00:00.0000000Z'",
        "the audit trail knows nothing of it"
    )]
    public async Task Who_was_served_with_what_is_on_record(string change, string what)
    {
        _ = App.Smtp;
        var order = await Sent();
        Assert.That(await App.Verify("facts"), Is.Empty, "what the product did");
        foreach (var statement in change.Split("; "))
            await App.Change(statement);
        Assert.That(
            (await App.Verify("facts")).Select(f => $"{f.Where}: {f.What}"),
            Has.One.StartsWith($"order {order.OrderId} service_notice {order.Notice}: {what}")
        );
    }

    [Test]
    public async Task A_notice_in_doubt_and_its_mail_in_doubt_are_there_together()
    {
        App.Smtp.DiesAfterData = true;
        var order = await Sent();
        await Holds("both are in doubt");
        await App.Change("UPDATE service_notice SET state = 'ready'");
        Assert.That(await Found(), Has.One.EndsWith($": the mail {order.Notice}:1 is in doubt, and its notice is not"));
        await App.Change("UPDATE service_notice SET state = 'doubt'");
        await App.Change("UPDATE kernel_work SET state = 'done' WHERE queue = 'service.mail'");
        Assert.That(await Found(), Is.EqualTo(new[] { $"order {order.OrderId} service_notice {order.Notice}: it is in doubt, and its mail is not" }));
    }

    [Test]
    public async Task A_mail_that_no_work_will_send_is_found()
    {
        var order = await Sent(); // no server: it waits
        await Holds("the work waits");
        await App.Change("UPDATE kernel_work SET state = 'done' WHERE queue = 'service.mail'");
        Assert.That(await Found(), Is.EqualTo(new[] { $"order {order.OrderId} service_notice {order.Notice}: it is being sent, and no work will send it" }));
    }

    [Test]
    public async Task A_proof_still_to_be_made_is_no_fault_and_one_that_nobody_will_make_is()
    {
        _ = App.Smtp;
        App.Printer.Missing = new Kernel.Printing.PrinterMissing("chromium", "chromium");
        var order = await Sent();
        await Holds("the printer is missing");
        await App.Change("UPDATE kernel_work SET state = 'done' WHERE queue = 'service.proof'");
        Assert.That(await Found(), Is.EqualTo(new[] { $"order {order.OrderId} service_notice {order.Notice}: it is served, and no work will make its proof" }));
    }

    private async Task Holds(string when) => Assert.That(await Found(), Is.Empty, when);

    private async Task<IEnumerable<string>> Found() => (await App.Verify(Check)).Select(f => $"{f.Where}: {f.What}");

    private async Task<ServedOrder> Sent()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        return order;
    }
}
