using CourtOps.Workzone.Seeding;

namespace CourtOps.Workzone.Inspections;

/// <summary>Records without a fault, one for each kind of case, from which those with one fault are made.</summary>
internal static class Records
{
    public static readonly DateOnly Today = new(2026, 9, 1);

    public static DateOnly On(int month, int day) => new(2026, month, day);

    /// <summary>A civil case from filing to archive.</summary>
    public static CaseRecord Civil() =>
        new()
        {
            Id = 7,
            CourtId = 1,
            Number = "（2026）吉2424民初7号",
            Year = 2026,
            NumberType = "民初",
            Kind = "civil",
            Cause = "民间借贷纠纷",
            Procedure = "MC-ORD",
            FiledOn = On(3, 2),
            Amount = 5_000_000,
            JudgeId = 1,
            JudgeName = "李测试",
            Team = "李测试团队",
            AllottedOn = On(3, 3),
            Open = false,
            ClosedOn = On(6, 20),
            ClosedHow = "judgment",
            LegalEnd = On(9, 2),
            CauseListed = true,
            Parties = [Person("张某甲", "原告", 1), Person("王某乙", "被告", 2)],
            Agents = [new("张某甲", "孟某", "律师", true)],
            Events =
            [
                new("registered", On(3, 2)),
                new("allotted", On(3, 3)),
                new("panel-formed", On(3, 10)),
                new("hearing-scheduled", On(4, 20)),
                new("hearing-held", On(4, 20)),
                new("document-issued", On(6, 10), "judgment"),
                new("document-served", On(6, 12)),
                new("closed", On(6, 20), "judgment"),
                new("effective", On(6, 30)),
                new("archived", On(7, 10)),
            ],
            Facts = [new("deduction", "D-HJ", On(4, 25), On(5, 5), true), new("extension", "EXT", On(8, 10), null, true)],
            Panel = [new("李测试", "presider", 1), new("林虚构", "member", 2), new("陪审某", "assessor", null)],
        };

    /// <summary>The same, heard and not judged yet.</summary>
    public static CaseRecord Heard() =>
        Civil() with
        {
            Open = true,
            ClosedOn = null,
            ClosedHow = null,
            Events = [new("registered", On(3, 2)), new("allotted", On(3, 3)), new("hearing-scheduled", On(4, 20)), new("hearing-held", On(4, 20))],
        };

    public static CaseRecord Criminal() =>
        Heard() with
        {
            Number = "（2026）吉2424刑初7号",
            NumberType = "刑初",
            Kind = "criminal",
            Cause = "盗窃罪",
            Procedure = "CR-1",
            Amount = null,
            CustodyUntil = On(12, 1),
            Parties = [new RecordedParty("某检察院", "公诉机关") { Type = "other" }, Person("赵某丙", "被告人", 3)],
            Agents = [new("赵某丙", "孟某", "辩护人", true)],
            Facts = [],
        };

    public static CaseRecord Second() =>
        Heard() with
        {
            Number = "（2026）吉24民终7号",
            NumberType = "民终",
            Procedure = "MC-2J",
            OriginId = 3,
            OriginFiledOn = On(1, 5),
            HasOrigin = true,
            Parties = [Person("张某甲", "上诉人", 1), Person("王某乙", "被上诉人", 2)],
            Panel = [new("李测试", "presider", 1), new("林虚构", "member", 2), new("郑范文", "member", 3)],
        };

    public static CaseRecord Executed() =>
        Heard() with
        {
            Number = "（2026）吉2424执7号",
            NumberType = "执",
            Kind = "enforcement",
            Procedure = "EX",
            Cause = "民间借贷纠纷执行",
            Parties = [Person("张某甲", "申请执行人", 1), Person("王某乙", "被执行人", 2)],
            Panel = [],
            Events = [new("registered", On(3, 2)), new("allotted", On(3, 3))],
        };

    public static RecordedParty Person(string name, string role, int n) =>
        new(name, role)
        {
            Id = n,
            IdNumber = DemoId.Of(n),
            Phone = $"1380000000{n}",
            Email = $"p{n}@party.example",
            EService = "provided",
        };

    public static CaseRecord With(this CaseRecord record, string caseEvent, DateOnly on, string detail = "") =>
        record with
        {
            Events = [.. record.Events, new(caseEvent, on, detail)],
        };

    public static CaseRecord Without(this CaseRecord record, params string[] events) =>
        record with
        {
            Events = [.. record.Events.Where(e => !events.Contains(e.Event))],
        };

    /// <summary>With the second party changed.</summary>
    public static CaseRecord Other(this CaseRecord record, Func<RecordedParty, RecordedParty> change) =>
        record with
        {
            Parties = [record.Parties[0], change(record.Parties[1])],
        };

    public static CaseRecord Agent(this CaseRecord record, RecordedAgent agent) => record with { Agents = [.. record.Agents, agent] };

    public static CaseRecord Fact(this CaseRecord record, RecordedFact fact) => record with { Facts = [.. record.Facts, fact] };

    public static CaseRecord Seats(this CaseRecord record, params (string Name, string Role, long? Id)[] seats) =>
        record with
        {
            Panel = [.. seats.Select(s => new RecordedMember(s.Name, s.Role, s.Id))],
        };
}
