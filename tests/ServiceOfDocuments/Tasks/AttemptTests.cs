using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Jobs;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>Service by phone, post, in the field and by announcement: what is recorded, what Law makes of it, what is refused.</summary>
public sealed class AttemptTests() : AppTests(Engine.Sqlite)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    // C-02, C-05: channel and outcome, address, kind of document → day of effect, next
    [TestCase("direct", "signed", "confirmed", "complaint", true, null)]
    [TestCase("leave", "left", "confirmed", "complaint", true, null)]
    [TestCase("leave", "left", "confirmed", "mediation", false, "direct")]
    [TestCase("phone", "reached", "confirmed", "summons", true, null)]
    [TestCase("phone", "reached", "confirmed", "judgment", false, "postal")]
    [TestCase("postal", "delivered", "unconfirmed", "complaint", true, null)]
    [TestCase("postal", "refused", "confirmed", "complaint", true, null)]
    [TestCase("postal", "refused", "unconfirmed", "complaint", false, "leave")]
    [TestCase("postal", "wrong-address", "statutory", "complaint", true, null)]
    [TestCase("postal", "absent", "statutory", "complaint", false, null)]
    [TestCase("postal", "absent", "confirmed", "complaint", true, null)]
    [TestCase("collected", "refused", "confirmed", "judgment", true, null)]
    [TestCase("entrusted", "signed", "confirmed", "judgment", true, null)]
    [TestCase("transferred", "signed", "confirmed", "judgment", true, null)]
    public void The_effect_is_laws(string channel, string outcome, string address, string kind, bool effective, string? next)
    {
        var facts = AttemptRules.FactsOf(
            new AttemptFacts
            {
                Channel = channel,
                Outcome = outcome,
                On = Monday,
                Address = address,
            },
            AttemptRules.Kind(kind),
            "MC-ORD"
        )!;
        var effect = ServiceRules.Judge(facts, CourtCalendar.Default);
        Assert.That(effect.Effective, Is.EqualTo(effective));
        if (next is not null)
            Assert.That(effect.Next, Is.EqualTo(next));
    }

    [TestCase("phone", "no-answer", "postal")]
    [TestCase("postal", "posted", "wait")]
    [TestCase("direct", "refused", "leave")]
    [TestCase("entrusted", "returned", "announcement")]
    public void A_try_that_decides_nothing_names_what_comes_next(string channel, string outcome, string next)
    {
        var a = new AttemptFacts
        {
            Channel = channel,
            Outcome = outcome,
            On = Monday,
        };
        Assert.That(AttemptRules.FactsOf(a, ServedDocument.Complaint, "civil"), Is.Null);
        Assert.That(AttemptRules.NextOf(a), Is.EqualTo(next));
    }

    [Test]
    public void The_opposing_party_signs_for_nobody() =>
        Assert.That(
            AttemptRules.FactsOf(
                new AttemptFacts
                {
                    Channel = "postal",
                    Outcome = "delivered",
                    On = Monday,
                    Signer = "family",
                    Opposing = true,
                },
                ServedDocument.Complaint,
                "civil"
            ),
            Is.Null
        );

    [Test]
    public async Task A_paper_signed_for_by_hand_takes_effect_once_with_its_proof_and_closes_the_order()
    {
        var asked = await App.Asked(1, [new SampleParty("王某乙")]);
        var said = await RecordAsync(asked.Notice, "direct", "signed", place: "被告住所");
        Assert.That((said.Effective, said.EffectiveOn, said.Already), Is.EqualTo((true, (DateOnly?)Monday, false)));
        Assert.That((await RecordAsync(asked.Notice, "direct", "signed", place: "被告住所")).Already, Is.True, "the same try again");
        await App.DrainAsync();
        var served = (await App.Published<DocumentServed>()).Single();
        Assert.That((served.Method, served.EffectiveOn), Is.EqualTo(("direct", Monday)));
        var row = await App.Value<NoticeRow>("SELECT state, proof_document_id FROM service_notice WHERE id = @Notice", new { asked.Notice });
        Assert.That(row!.State, Is.EqualTo("served"));
        Assert.That(row.ProofDocumentId, Is.Not.Null);
        Assert.That(await App.Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { asked.OrderId }), Is.EqualTo("closed"));
        Assert.That(await App.Verify("service"), Is.Empty);
        Assert.That(async () => await RecordAsync(asked.Notice, "postal", "refused"), Throws.InstanceOf<Exception>(), "served is served");
    }

    // C-02: published 2026-03-03 → 30 days → 2026-04-02; gates of C-06 first
    [Test]
    public async Task An_announcement_passes_its_gates_and_takes_effect_on_its_day()
    {
        var asked = await App.Asked(2, [new SampleParty("王某乙")]);
        Task<RecordAttempt.Result> Announce(long? evidence) =>
            RecordAsync(asked.Notice, "announcement", "published", new DateOnly(2026, 3, 3), evidence: evidence);
        App.At(TestClock.Shanghai(2026, 3, 3, 9, 0));
        Assert.That(async () => await Announce(null), Refused("公告的条件还没有满足"));
        await RecordAsync(asked.Notice, "phone", "off", new DateOnly(2026, 3, 3));
        Assert.That((await RecordAsync(asked.Notice, "direct", "absent", new DateOnly(2026, 3, 3))).Next, Is.EqualTo("announcement"));
        Assert.That(async () => await Announce(null), Refused("下落不明的证明"));
        var evidence = await App.Document(asked.CaseId, "居委会证明", "evidence");
        Assert.That(async () => await Announce(evidence), Refused("法官批准"));
        Assert.That(async () => await App.As("clerk").Send(new ApproveAnnouncement { NoticeId = asked.Notice, Reason = "x" }), Throws.TypeOf<Forbidden>());
        await App.As("judge").Send(new ApproveAnnouncement { NoticeId = asked.Notice, Reason = "下落不明" });
        Assert.That((await Announce(evidence)).EffectiveOn, Is.EqualTo(new DateOnly(2026, 4, 2)));
        await App.RunJob<MatureAnnouncements>();
        Assert.That(await App.Published<DocumentServed>(), Is.Empty, "the thirty days run");
        App.At(TestClock.Shanghai(2026, 4, 2, 0, 30));
        await App.RunJob<MatureAnnouncements>();
        await App.RunJob<MatureAnnouncements>();
        await App.DrainAsync();
        Assert.That((await App.Published<DocumentServed>()).Single().EffectiveOn, Is.EqualTo(new DateOnly(2026, 4, 2)));
        Assert.That(await App.Verify("service"), Is.Empty);
    }

    [Test]
    public async Task What_is_missing_or_cannot_be_is_said()
    {
        var asked = await App.Asked(3, [new SampleParty("王某乙")]);
        Assert.That(async () => await RecordAsync(asked.Notice, "leave", "left"), Refused("见证人"));
        Assert.That(async () => await RecordAsync(asked.Notice, "postal", "posted"), Refused("邮件号码"));
        Assert.That(async () => await RecordAsync(asked.Notice, "direct", "signed", new DateOnly(2027, 1, 1), place: "家"), Refused("今天之后"));
        Assert.That(async () => await RecordAsync(asked.Notice, "pigeon", "signed"), Throws.TypeOf<FluentValidation.ValidationException>());
        Assert.That(async () => await RecordAsync(asked.Notice, "phone", "left"), Throws.TypeOf<FluentValidation.ValidationException>());
        Assert.That(
            async () =>
                await App.As("clerk2")
                    .Send(
                        new RecordAttempt
                        {
                            NoticeId = asked.Notice,
                            Channel = "phone",
                            Outcome = "no-answer",
                            On = Monday,
                        }
                    ),
            Throws.InstanceOf<Exception>(),
            "another's order"
        );
    }

    private Task<RecordAttempt.Result> RecordAsync(
        long notice,
        string channel,
        string outcome,
        DateOnly? on = null,
        string place = "",
        long? evidence = null
    ) =>
        App.As("clerk")
            .Send(
                new RecordAttempt
                {
                    NoticeId = notice,
                    Channel = channel,
                    Outcome = outcome,
                    On = on ?? Monday,
                    Place = place,
                    EvidenceId = evidence,
                }
            );

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string words) => Throws.TypeOf<RuleBroken>().With.Message.Contains(words);
}
