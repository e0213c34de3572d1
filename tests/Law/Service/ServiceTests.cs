namespace CourtOps.Law.Tests;

public sealed class ServiceTests
{
    private static ServiceFacts Facts(ServiceMethod method) => new() { Method = method };

    private static ServiceEffect Judge(ServiceFacts facts) => ServiceRules.Judge(facts, Given.Calendar);

    [TestCase(ServiceMethod.Direct, TestName = "C-02 [T] direct: day signed")]
    [TestCase(ServiceMethod.Leave, TestName = "C-02 [T] left: day left")]
    [TestCase(ServiceMethod.Entrusted, TestName = "C-02 [T] entrusted: day signed")]
    [TestCase(ServiceMethod.Transferred, TestName = "C-02 [T] transferred: day signed")]
    [TestCase(ServiceMethod.Collected, TestName = "C-02 [T] collected at court: that day")]
    [TestCase(ServiceMethod.Phone, TestName = "C-02 [K] phone: day of the call")]
    public void Served_on_the_day(ServiceMethod method)
    {
        var effect = Judge(Facts(method) with { On = Given.Day("2026-11-02"), Document = ServedDocument.Complaint });
        Assert.That(effect.Effective);
        Assert.That(Given.Text(effect.EffectiveOn), Is.EqualTo("2026-11-02"));
        Assert.That(Given.Text(effect.DefenceEnds), Is.EqualTo("2026-11-17"));
        Assert.That(effect.AppealEnds, Is.Null);
        Assert.That(effect.Presumed, Is.False);
    }

    [Test(Description = "C-02 [T] 简易规定 28")]
    public void Not_collected_is_served_on_the_last_day_of_the_period()
    {
        var effect = Judge(Facts(ServiceMethod.Collected) with { CollectBy = Given.Day("2026-11-10"), Document = ServedDocument.Judgment });
        Assert.That(Given.Text(effect.EffectiveOn), Is.EqualTo("2026-11-10"));
        Assert.That(Given.Text(effect.AppealEnds), Is.EqualTo("2026-11-25"));
    }

    [TestCase("2026-09-05", false, "2026-10-05", "2026-10-08", "2026-10-23", TestName = "C-02 [P] announcement ends in a holiday")]
    [TestCase("2026-11-02", false, "2026-12-02", "2026-12-02", "2026-12-17", TestName = "C-02 [T] announcement of 30 days")]
    [TestCase("2026-06-01", true, "2026-07-31", "2026-07-31", "2026-08-31", TestName = "C-02 [T] announcement of 60 days, no domicile")]
    public void Announcement(string published, bool foreign, string raw, string effective, string defence)
    {
        var effect = Judge(Facts(ServiceMethod.Announcement) with { Published = Given.Day(published), Foreign = foreign });
        Assert.That(Given.Text(effect.RawEffectiveOn), Is.EqualTo(raw));
        Assert.That(Given.Text(effect.EffectiveOn), Is.EqualTo(effective));
        Assert.That(Given.Text(effect.DefenceEnds), Is.EqualTo(defence));
        Assert.That(effect.AppealEnds, Is.EqualTo(effect.DefenceEnds));
    }

    [Test(Description = "C-02 [P] public_notice_roll, public_notice_served_on")]
    public void The_court_may_set_how_an_announcement_counts()
    {
        var facts = Facts(ServiceMethod.Announcement) with { Published = Given.Day("2026-09-05") };
        Assert.That(
            Given.Text(ServiceRules.Judge(facts, Given.Calendar, new ServiceSettings { RollAnnouncement = false }).EffectiveOn),
            Is.EqualTo("2026-10-05")
        );
        Assert.That(
            Given.Text(ServiceRules.Judge(facts, Given.Calendar, new ServiceSettings { AnnouncementServedNextDay = true }).RawEffectiveOn),
            Is.EqualTo("2026-10-06")
        );
    }

    [TestCase("MC-SUM"), TestCase("MC-SML")]
    public void No_announcement_in_simple_procedure(string code)
    {
        var effect = Judge(Facts(ServiceMethod.Announcement) with { Published = Given.Day("2026-09-05"), Procedure = code });
        Assert.That(effect.Effective, Is.False, "C-02 [T] CPL-I 140");
        Assert.That(effect.Next, Is.EqualTo("convert-to-ordinary"));
    }

    // C-05 [T]/[P], each row
    [TestCase(ReturnReason.Refused, PostalAddress.Confirmed, true, true, null, TestName = "C-05 [T] refused, confirmed")]
    [TestCase(ReturnReason.Refused, PostalAddress.Statutory, true, true, null, TestName = "C-05 [T] refused, statutory, warned")]
    [TestCase(ReturnReason.Refused, PostalAddress.Statutory, false, false, "leave", TestName = "C-05 [T] refused, statutory, not warned")]
    [TestCase(ReturnReason.Refused, PostalAddress.Unconfirmed, true, false, "leave", TestName = "C-05 [T] refused, unconfirmed: leave in place")]
    [TestCase(ReturnReason.WrongAddress, PostalAddress.Confirmed, true, true, null, TestName = "C-05 [T] wrong address, confirmed")]
    [TestCase(ReturnReason.WrongAddress, PostalAddress.Statutory, true, true, null, TestName = "C-05 [T] wrong address, statutory, warned")]
    [TestCase(ReturnReason.WrongAddress, PostalAddress.Unconfirmed, true, false, "other-address", TestName = "C-05 [T] wrong address, unconfirmed")]
    [TestCase(ReturnReason.Moved, PostalAddress.Confirmed, true, true, null, TestName = "C-05 [T] moved, confirmed")]
    [TestCase(ReturnReason.Moved, PostalAddress.Unconfirmed, true, false, "other-address", TestName = "C-05 [T] moved, unconfirmed")]
    [TestCase(ReturnReason.Absent, PostalAddress.Confirmed, true, true, null, TestName = "C-05 [P] absent, confirmed and warned")]
    [TestCase(ReturnReason.Absent, PostalAddress.Confirmed, false, false, "direct", TestName = "C-05 [P] absent, confirmed, not warned")]
    [TestCase(ReturnReason.Absent, PostalAddress.Statutory, true, false, "direct", TestName = "C-05 [P] absent, statutory does not suffice")]
    [TestCase(ReturnReason.Absent, PostalAddress.Unconfirmed, true, false, "other-address", TestName = "C-05 [P] absent, unconfirmed")]
    public void Returned_mail(ReturnReason reason, PostalAddress address, bool warned, bool served, string? next)
    {
        var effect = Judge(
            Facts(ServiceMethod.Postal) with
            {
                Returned = Given.Day("2026-11-18"),
                Reason = reason,
                PostalAddress = address,
                Warned = warned,
                Document = ServedDocument.Judgment,
            }
        );
        Assert.That(effect.Effective, Is.EqualTo(served));
        Assert.That(Given.Text(effect.EffectiveOn), Is.EqualTo(served ? "2026-11-18" : null));
        Assert.That(Given.Text(effect.AppealEnds), Is.EqualTo(served ? "2026-12-03" : null));
        Assert.That(effect.Next, Is.EqualTo(next));
        Assert.That(effect.Presumed, Is.EqualTo(served));
    }

    [Test(Description = "C-05 [T] signed by a household member")]
    public void Delivered_mail_is_served_on_the_day_signed() =>
        Assert.That(Given.Text(Judge(Facts(ServiceMethod.Postal) with { Delivered = Given.Day("2026-11-18") }).EffectiveOn), Is.EqualTo("2026-11-18"));

    // C-04 [T], each row
    [TestCase(ElectronicAddress.Provided, "2026-11-02T09:00", null, null, null, true, "2026-11-02", false, TestName = "C-04 [T] provided, arrived")]
    [TestCase(ElectronicAddress.Provided, null, null, null, "2026-11-02T09:00", false, null, false, TestName = "C-04 [T] provided, bounced")]
    [TestCase(
        ElectronicAddress.Obtained,
        "2026-11-02T09:00",
        null,
        "2026-11-04T08:00",
        null,
        true,
        "2026-11-04",
        false,
        TestName = "C-04 [T] obtained, replied"
    )]
    [TestCase(
        ElectronicAddress.Obtained,
        "2026-11-02T09:00",
        "2026-11-03T08:00",
        null,
        null,
        true,
        "2026-11-03",
        true,
        TestName = "C-04 [T] obtained, read: presumed"
    )]
    [TestCase(ElectronicAddress.Obtained, "2026-11-02T09:00", null, null, null, false, null, false, TestName = "C-04 [P] obtained, arrived only")]
    [TestCase(
        ElectronicAddress.Obtained,
        "2026-11-02T09:00",
        "2026-11-03T08:00",
        "2026-11-03T07:00",
        null,
        true,
        "2026-11-03",
        false,
        TestName = "C-04 [T] earliest valid time counts"
    )]
    public void Electronic(ElectronicAddress address, string? arrived, string? read, string? replied, string? bounced, bool served, string? on, bool presumed)
    {
        var effect = Judge(
            Facts(ServiceMethod.Electronic) with
            {
                ElectronicAddress = address,
                Arrived = At(arrived),
                Read = At(read),
                Replied = At(replied),
                Bounced = At(bounced),
            }
        );
        Assert.That(effect.Effective, Is.EqualTo(served));
        Assert.That(Given.Text(effect.EffectiveOn), Is.EqualTo(on));
        Assert.That(effect.Presumed, Is.EqualTo(presumed));
        Assert.That(effect.Next, Is.EqualTo(served ? null : "phone"));
    }

    [TestCase(ServiceMethod.Leave, ServedDocument.Mediation, TestName = "C-02 [T] mediation paper is never left")]
    [TestCase(ServiceMethod.Phone, ServedDocument.Judgment, TestName = "C-02 [K] no judgment by phone")]
    [TestCase(ServiceMethod.Phone, ServedDocument.Ruling, TestName = "C-02 [K] no ruling by phone")]
    [TestCase(ServiceMethod.Phone, ServedDocument.Mediation, TestName = "C-02 [K] no mediation paper by phone")]
    public void Not_this_way(ServiceMethod method, ServedDocument document) =>
        Assert.That(Judge(Facts(method) with { On = Given.Day("2026-11-02"), Document = document }).Effective, Is.False);

    [TestCase("2021-12-31", false), TestCase("2022-01-01", true)]
    public void Judgments_electronically_since_2022(string on, bool served) =>
        Assert.That(
            Judge(Facts(ServiceMethod.Electronic) with { Arrived = At(on + "T10:00"), Document = ServedDocument.Judgment }).Effective,
            Is.EqualTo(served),
            "C-02 [T]"
        );

    [TestCase("civil", ServedDocument.Judgment, false, "2026-11-17", TestName = "G-06 [T] civil judgment 15 days")]
    [TestCase("civil", ServedDocument.Ruling, false, "2026-11-12", TestName = "G-06 [T] civil ruling 10 days")]
    [TestCase("civil", ServedDocument.Judgment, true, "2026-12-02", TestName = "G-06 [T] no domicile 30 days")]
    [TestCase("civil", ServedDocument.Ruling, true, "2026-12-02", TestName = "G-06 [T] ruling, no domicile 30 days")]
    [TestCase("admin", ServedDocument.Judgment, false, "2026-11-17", TestName = "G-06 [T] administrative judgment 15 days")]
    [TestCase("admin", ServedDocument.Ruling, false, "2026-11-12", TestName = "G-06 [T] administrative ruling 10 days")]
    [TestCase("criminal", ServedDocument.Judgment, false, "2026-11-12", TestName = "G-06 [T] criminal judgment 10 days")]
    [TestCase("criminal", ServedDocument.Ruling, false, "2026-11-09", TestName = "G-06 [T] criminal ruling 5 days, rolled over a weekend")]
    [TestCase("MC-SUM", ServedDocument.Judgment, false, "2026-11-17", TestName = "G-06 [T] simple procedure 15 days")]
    [TestCase("MC-SML", ServedDocument.Judgment, false, null, TestName = "E-04 [T] small claims: no appeal")]
    [TestCase("MC-2J", ServedDocument.Judgment, false, null, TestName = "G-06 [T] second instance is final")]
    [TestCase("MC-SPE", ServedDocument.Judgment, false, null, TestName = "special procedure: no appeal")]
    [TestCase("CR-1", ServedDocument.Judgment, false, "2026-11-12", TestName = "G-06 [T] criminal code 10 days")]
    [TestCase("AD-S", ServedDocument.Judgment, false, "2026-11-17", TestName = "G-06 [T] administrative simple 15 days")]
    [TestCase("civil", ServedDocument.Summons, false, null, TestName = "a summons has no appeal")]
    public void Appeal_ends(string procedure, ServedDocument document, bool foreign, string? ends) =>
        Assert.That(
            Given.Text(
                Judge(
                    Facts(ServiceMethod.Direct) with
                    {
                        On = Given.Day("2026-11-02"),
                        Document = document,
                        Procedure = procedure,
                        Foreign = foreign,
                    }
                ).AppealEnds
            ),
            Is.EqualTo(ends)
        );

    [TestCase("civil", false, "2026-11-17", TestName = "C-07 [T] answer 15 days")]
    [TestCase("civil", true, "2026-12-02", TestName = "C-07 [T] answer 30 days without domicile")]
    [TestCase("admin", false, "2026-11-17", TestName = "C-07 [T] administrative answer 15 days")]
    [TestCase("criminal", false, null, TestName = "no answer in criminal cases")]
    [TestCase("MC-SML", false, "2026-11-17", TestName = "E-04 [T] small claims answer 15 days")]
    public void Defence_ends(string procedure, bool foreign, string? ends) =>
        Assert.That(
            Given.Text(
                Judge(
                    Facts(ServiceMethod.Direct) with
                    {
                        On = Given.Day("2026-11-02"),
                        Document = ServedDocument.Complaint,
                        Procedure = procedure,
                        Foreign = foreign,
                    }
                ).DefenceEnds
            ),
            Is.EqualTo(ends)
        );

    [Test(Description = "A-01 (5) [T]")]
    public void A_criminal_appeal_in_custody_does_not_roll()
    {
        var facts = Facts(ServiceMethod.Direct) with { On = Given.Day("2026-11-02"), Document = ServedDocument.Ruling, Procedure = "criminal", Custody = true };
        Assert.That(Given.Text(Judge(facts).AppealEnds), Is.EqualTo("2026-11-07"));
    }

    [
        TestCase(ServiceMethod.Direct, "on"),
        TestCase(ServiceMethod.Announcement, "published"),
        TestCase(ServiceMethod.Postal, "delivered"),
        TestCase(ServiceMethod.Electronic, "arrived"),
        TestCase(ServiceMethod.Collected, "on")
    ]
    public void A_missing_date_is_named(ServiceMethod method, string field) => Assert.That(Given.Fails(() => Judge(Facts(method))).Field, Is.EqualTo(field));

    [Test(Description = "C-03 [K]")]
    public void Addresses_are_tried_in_order_and_lapse_after_a_year()
    {
        var on = Given.Day("2026-11-02");
        var order = AddressChain.Order(
            [
                new("registered", AddressOrigin.Registered, null),
                new("habit", AddressOrigin.Habitual, Given.Day("2025-11-01")),
                new("other", AddressOrigin.OtherCase, Given.Day("2025-11-02")),
                new("filed", AddressOrigin.Filed, null),
                new("agreed", AddressOrigin.Agreed, null),
            ],
            on
        );
        Assert.That(order.Select(a => a.Id), Is.EqualTo(new[] { "agreed", "filed", "other", "registered" }));
    }

    private static DateTime? At(string? text) => text is null ? null : Given.Time(text);
}
