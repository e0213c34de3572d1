using CourtOps.Cataloguing.Efile;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Cataloguing.Tests.Efile;

/// <summary>What is served and proved gets its place in the e-file, once, whenever it is heard.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FilingTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_served_document_is_filed_under_its_heading_and_published()
    {
        var (caseId, document) = await Served("complaint");
        var item = (await Efile(caseId)).Single().Items.Single();
        Assert.That((item.Heading, item.DocumentId, item.Pages, item.FirstPage), Is.EqualTo(("起诉状", document, (int?)2, 1)));
        var filed = (await App.Published<DocumentFiled>()).Single();
        Assert.That((filed.DocumentId, filed.Volume, filed.Heading), Is.EqualTo((document, "main", "起诉状")));
    }

    [Test]
    public async Task Several_recipients_and_a_repetition_file_it_once()
    {
        var (caseId, document) = await Served("complaint");
        await App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = document,
                RecipientName = "朴某丙",
                EffectiveOn = new DateOnly(2026, 3, 5),
            },
            Catalogue.CaseKey(caseId)
        );
        await App.HearAgain<DocumentServed>();
        Assert.That((await Efile(caseId)).Single().Items, Has.Count.EqualTo(1));
        Assert.That(await App.Published<DocumentFiled>(), Has.Count.EqualTo(1));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task The_volume_is_in_the_order_of_its_headings_and_counts_its_pages()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        foreach (var (title, kind) in new[] { ("判决书", "judgment"), ("传票", "summons"), ("起诉状副本", "complaint") })
            await Hear(caseId, await App.Document(caseId, title, kind));
        var volume = (await Efile(caseId)).Single();
        Assert.That(volume.Items.Select(i => (i.N, i.Heading, i.FirstPage)), Is.EqualTo(new[] { (1, "起诉状", 1), (2, "传票", 3), (3, "判决书", 5) }));
        Assert.That(volume.Pages, Is.EqualTo(6));
    }

    [Test]
    public async Task A_proof_is_filed_beside_what_it_proves()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var items = (await Efile(order.CaseId)).Single().Items;
        Assert.That(items.Select(i => i.Heading), Is.EqualTo(new[] { "起诉状", "送达回证" }));
        await App.HearAgain<ProofMade>();
        Assert.That((await Efile(order.CaseId)).Single().Items, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_proof_heard_before_the_service_is_filed_all_the_same()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var document = await App.Document(caseId);
        await App.Hear(
            new ProofMade
            {
                CaseId = caseId,
                ProofDocumentId = document,
                RecipientName = "王某乙",
            },
            "late"
        );
        Assert.That((await Efile(caseId)).Single().Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_document_nobody_knows_blocks_its_own_case_only()
    {
        var (caseId, _) = await Served("complaint");
        await App.Hear(new DocumentServed { CaseId = 42, DocumentId = 42 }, Catalogue.CaseKey(42));
        Assert.That(await App.As(null).Rows<string>("SELECT DISTINCT event_key FROM kernel_block"), Is.EqualTo(new[] { "case:42" }));
        await Hear(caseId, await App.Document(caseId, "传票", "summons"));
        Assert.That((await Efile(caseId)).Single().Items, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_e_file_is_for_who_may_see_the_case()
    {
        var (caseId, _) = await Served("complaint");
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowEfile { CaseId = caseId }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge-yanji").Send(new ShowEfile { CaseId = caseId }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new ShowEfile { CaseId = caseId }), Throws.TypeOf<Forbidden>());
    }

    private async Task<(long CaseId, long Document)> Served(string kind)
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var document = await App.Document(caseId, "起诉状副本", kind);
        await Hear(caseId, document);
        return (caseId, document);
    }

    private Task Hear(long caseId, long document) =>
        App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = document,
                RecipientName = "王某乙",
                EffectiveOn = new DateOnly(2026, 3, 2),
            },
            Catalogue.CaseKey(caseId)
        );

    private async Task<IReadOnlyList<ShowEfile.Volume>> Efile(long caseId) => (await App.As("judge").Send(new ShowEfile { CaseId = caseId })).Volumes;
}
