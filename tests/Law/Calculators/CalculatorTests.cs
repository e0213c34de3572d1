using System.Text.Json.Nodes;

namespace CourtOps.Law.Tests;

public sealed class CalculatorTests
{
    internal static JsonObject Run(string name, params string[] words) => Calculators.Run(name, Arguments(words), SingleCalendar.BuiltIn);

    internal static CalculatorArguments Arguments(params string[] words)
    {
        var arguments = new CalculatorArguments();
        for (var i = 0; i < words.Length; i++)
        {
            var flag = i + 1 == words.Length || words[i + 1].StartsWith("--", StringComparison.Ordinal);
            arguments.Add(words[i], flag ? null : words[i + 1]);
            if (!flag)
                i++;
        }

        return arguments;
    }

    private static JsonObject Procedure(string json) => Calculators.Run("procedure", CalculatorArguments.OfJson(json), SingleCalendar.BuiltIn);

    [TestCase("period", "--trigger 2026-09-16 --n 15 --unit day", "firstDay rawLastDay legalLastDay rolled provisional explanation")]
    [TestCase(
        "trial-limit",
        "--procedure MC-ORD --filed 2026-03-02",
        "baseEnd end legalEnd lastDayToApply internalLastDayToApply decisionDue internalDecisionDue approver warnings breaches provisional explanation"
    )]
    [TestCase(
        "service",
        "--method direct --on 2026-11-02",
        "effective effectiveOn rawEffectiveOn presumed basis defenceEnds appealEnds next provisional explanation"
    )]
    [TestCase("fee", "--kind labour", "case enforcement preservation explanation")]
    [TestCase("measure", "--kind deposit --start 2026-03-10", "end lastRenewal courtLastDay warnings differs explanation")]
    [TestCase(
        "auction",
        "--kind movable --valuation 100 --notice 2026-11-23",
        "startPriceMin depositMin depositMax earliest reauctionBy reauctionPriceMin reauctionNoticeDays explanation"
    )]
    [TestCase("penalty-interest", "--debt 100000 --from 2026-01-01 --to 2026-04-01", "days amount explanation")]
    [TestCase("parse-case-number", "--text （2026）吉2424民初1234号", "year court special type serial suffix canonical legacy")]
    public void The_answer_has_exactly_the_fixed_properties(string name, string words, string properties)
    {
        Assert.That(string.Join(' ', Run(name, words.Split(' ')).Select(p => p.Key)), Is.EqualTo(properties));
        Assert.That(string.Join(' ', Calculators.Describe(name).Results.Select(r => r.Name)), Is.EqualTo(properties));
    }

    [Test]
    public void The_timeline_has_what_was_given_and_found_in_order()
    {
        var arguments = Arguments("--procedure", "MC-ORD", "--filed", "2026-03-02");
        var points = CalculatorTimeline.Of("trial-limit", arguments, Calculators.Run("trial-limit", arguments, SingleCalendar.BuiltIn));
        Assert.That(points, Is.Ordered.By("Date"));
        Assert.That(points[0], Is.EqualTo(new TimelinePoint(Given.Day("2026-03-02"), "立案日", "given")));
        Assert.That(points.Select(p => p.Label), Is.SupersetOf(new[] { "审限届满（原始）", "D-30", "due" }));
    }

    [Test]
    public void The_procedure_answer_has_exactly_the_fixed_properties() =>
        Assert.That(
            string.Join(' ', Procedure("""{"kind":"admin","factsClear":true,"amount":"1500.00"}""").Select(p => p.Key)),
            Is.EqualTo(string.Join(' ', Calculators.Describe("procedure").Results.Select(r => r.Name)))
                .And.EqualTo("procedure mandatory row why limit provisional")
        );

    [Test(Description = "the input of DOORS")]
    public void The_procedure_calculator_takes_json()
    {
        const string input = """
            {"kind":"civil","court":"basic","province":"吉","filed":"2026-11-02","claims":[{"type":"money","amount":"50000.00"}],"factsClear":true,"rightsClear":true,"disputeSmall":true,"agreeSmall":false,"agreeSimple":false,"specialMatter":null,"defendantMissing":false,"remand":false,"retrial":false,"thirdPartyRevocation":false,"publicInterest":false,"manyParties":false,"foreign":false,"expertOpinionNeeded":false,"counterclaim":false,"personalStatus":false,"titleConfirmation":false}
            """;
        var answer = Procedure(input);
        Assert.That((string?)answer["procedure"], Is.EqualTo("SIMPLE"));
        Assert.That((bool)answer["provisional"]!, Is.True);
        Assert.That(
            (string?)
                Procedure(
                    """{"kind":"criminal","pleads":true,"agreesProcedure":true,"factsClear":true,"maxSentenceMonths":30,"minor":false,"blindDeafMute":false,"settledCivil":true,"coAccusedObjects":false}"""
                )["limit"],
            Is.EqualTo("CR-FT-L")
        );
        Assert.That(
            (string?)
                Procedure(
                    """{"kind":"admin","factsClear":true,"summaryPenalty":false,"amount":"1500.00","informationDisclosure":false,"bothAgree":false,"remand":false}"""
                )["limit"],
            Is.EqualTo("AD-S")
        );
        var form = Run(
            "procedure",
            "--kind",
            "civil",
            "--province",
            "苏",
            "--filed",
            "2026-11-02",
            "--claims",
            "money:64610.00",
            "--factsClear",
            "--rightsClear",
            "--disputeSmall"
        );
        Assert.That((string?)form["procedure"], Is.EqualTo("SMALL"));
    }

    [
        TestCase("handler"),
        TestCase("division-head"),
        TestCase("management"),
        TestCase("vice-president"),
        TestCase("president"),
        TestCase("superior-court"),
        TestCase("MC-ORD"),
        TestCase("D-JD"),
        TestCase("FAST-TRACK"),
        TestCase("other-address")
    ]
    public void Codes_of_answers_have_names(string code) => Assert.That(AnswerCodes.Name(code).Zh, Is.Not.EqualTo(code));

    [Test]
    public void Explanations_are_lists_of_text_date_source_and_tag()
    {
        var lines = Run("period", "--trigger", "2026-09-16", "--n", "15", "--unit", "day")["explanation"]!.AsArray();
        Assert.That(lines, Is.Not.Empty);
        foreach (var line in lines)
            Assert.That(line!.AsObject().Select(p => p.Key), Is.EqualTo(new[] { "text", "date", "source", "tag" }));
    }

    [Test]
    public void Hours_are_answered_as_times()
    {
        var answer = Run("period", "--trigger", "2026-11-20T10:20", "--n", "48", "--unit", "hour");
        Assert.That((string?)answer["firstDay"], Is.EqualTo("2026-11-20T11:00"));
        Assert.That((string?)answer["rawLastDay"], Is.EqualTo("2026-11-22T11:00"));
        Assert.That((string?)answer["legalLastDay"], Is.EqualTo("2026-11-22T11:00"));
    }

    [Test]
    public void The_trial_limit_takes_several_deductions_and_extensions()
    {
        var answer = Run(
            "trial-limit",
            "--procedure",
            "MC-ORD",
            "--filed",
            "2026-03-02",
            "--deduct",
            "2026-04-10..2026-05-01:D-JD",
            "--deduct",
            "2026-04-20..2026-05-20",
            "--extend",
            "6m",
            "--extend",
            "10d@2027-03-01"
        );
        Assert.That((string?)answer["end"], Is.EqualTo("2027-04-22"));
        Assert.That((string?)answer["baseEnd"], Is.EqualTo("2026-09-02"));
    }

    [TestCase("period", "trigger", "--n 1 --unit day")]
    [TestCase("period", "trigger", "--trigger 2026-02-30 --n 1 --unit day")]
    [TestCase("period", "trigger", "--trigger 2026-02-03 --n 1 --unit hour")]
    [TestCase("period", "n", "--trigger 2026-02-03 --n x --unit day")]
    [TestCase("period", "n", "--trigger 2026-02-03 --n -3 --unit day")]
    [TestCase("period", "n", "--trigger 2026-02-03 --n 0 --unit day")]
    [TestCase("period", "n", "--trigger 2026-02-03 --n 99999999999999999999 --unit day")]
    [TestCase("period", "unit", "--trigger 2026-02-03 --n 1 --unit week")]
    [TestCase("period", "unit", "--trigger 2026-02-03 --n 1 --unit 1")]
    [TestCase("period", "procedure", "--trigger 2026-02-03 --n 1 --unit day --procedure family")]
    [TestCase("period", "custody", "--trigger 2026-02-03 --n 1 --unit day --custody perhaps")]
    [TestCase("period", "colour", "--trigger 2026-02-03 --n 1 --unit day --colour red")]
    [TestCase("trial-limit", "procedure", "--procedure MC-XX --filed 2026-03-02")]
    [TestCase("trial-limit", "filed", "--procedure MC-ORD --filed 2026-3-2")]
    [TestCase("trial-limit", "deduct", "--procedure MC-ORD --filed 2026-03-02 --deduct 2026-05-02..2026-05-01")]
    [TestCase("trial-limit", "deduct", "--procedure MC-ORD --filed 2026-03-02 --deduct 2026-05-02")]
    [TestCase("trial-limit", "deduct", "--procedure MC-ORD --filed 2026-03-02 --deduct 2026-05-02..2026-05-03:D-QQ")]
    [TestCase("trial-limit", "extend", "--procedure MC-ORD --filed 2026-03-02 --extend 6")]
    [TestCase("trial-limit", "extend", "--procedure MC-ORD --filed 2026-03-02 --extend 6m@2026-02-30")]
    [TestCase("trial-limit", "extend", "--procedure MC-ORD --filed 2026-03-02 --extend 0m")]
    [TestCase("trial-limit", "convert", "--procedure MC-SUM --filed 2026-03-02 --convert MC-ORD")]
    [TestCase("trial-limit", "convert", "--procedure MC-SUM --filed 2026-03-02 --convert MC-ORD@2026-04-01 --convert MC-ORD@2026-04-02")]
    [TestCase("trial-limit", "restart", "--procedure CR-1 --filed 2026-03-02 --restart 2026-03-01")]
    [TestCase("service", "method", "--method pigeon --on 2026-11-02")]
    [TestCase("service", "on", "--method direct")]
    [TestCase("service", "published", "--method direct --on 2026-11-02 --published 2026-11-02")]
    [TestCase("service", "reason", "--method postal --returned 2026-11-02 --address confirmed")]
    [TestCase("service", "address", "--method postal --returned 2026-11-02 --reason absent")]
    [TestCase("service", "address", "--method postal --returned 2026-11-02 --reason absent --address provided")]
    [TestCase("service", "address", "--method electronic --arrived 2026-11-02")]
    [TestCase("service", "returned", "--method postal --returned 2026-11-02 --delivered 2026-11-02 --reason absent --address confirmed")]
    [TestCase("service", "warned", "--method postal --returned 2026-11-02 --reason absent --address confirmed --warned maybe")]
    [TestCase("service", "procedure", "--method direct --on 2026-11-02 --procedure XX")]
    [TestCase("service", "arrived", "--method electronic --address provided")]
    [TestCase("fee", "claim", "--kind property")]
    [TestCase("fee", "claim", "--kind property --claim 1.234")]
    [TestCase("fee", "claim", "--kind property --claim 12345678901234567890")]
    [TestCase("fee", "province", "--kind labour --province X")]
    [TestCase("measure", "years", "--kind deposit --start 2026-03-10 --years 2")]
    [TestCase("measure", "receipt-end", "--kind deposit --start 2026-03-10 --receipt-end 2026-03-09")]
    [TestCase("auction", "valuation", "--kind movable --notice 2026-11-23")]
    [TestCase("penalty-interest", "to", "--debt 1 --from 2026-02-01 --to 2026-01-01")]
    [TestCase("parse-case-number", "text", "--text nonsense")]
    [TestCase("nothing", "name", "--x 1")]
    public void Bad_input_names_the_argument(string name, string field, string words) =>
        Assert.That(Given.Fails(() => Run(name, words.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Field, Is.EqualTo(field));

    [
        TestCase("[]", "input"),
        TestCase("{", "input"),
        TestCase("{}", "kind"),
        TestCase("""{"kind":"family"}""", "kind"),
        TestCase("""{"kind":"civil","x":1}""", "x")
    ]
    [
        TestCase("""{"kind":"civil","remand":"no"}""", "remand"),
        TestCase("""{"kind":"civil","claims":[{"type":"money","amount":"1.234"}]}""", "claims[0].amount")
    ]
    [
        TestCase("""{"kind":"civil","claims":[{"amount":1}]}""", "claims[0].type"),
        TestCase("""{"kind":"civil","claims":1}""", "claims"),
        TestCase("""{"kind":"civil","filed":"2026-02-30"}""", "filed")
    ]
    [
        TestCase("""{"kind":"criminal","maxSentenceMonths":1.5}""", "maxSentenceMonths"),
        TestCase("""{"kind":"civil","kind":"admin"}""", "input"),
        TestCase("""{"kind":"admin","minor":true}""", "minor")
    ]
    public void Bad_json_names_the_field(string json, string field) => Assert.That(Given.Fails(() => Procedure(json)).Field, Is.EqualTo(field));

    [Test]
    public void Descriptions_are_complete_in_both_languages()
    {
        Assert.That(Calculators.All, Has.Count.EqualTo(9));
        foreach (var calculator in Calculators.All)
        {
            Assert.That(calculator.Usage, Does.StartWith(calculator.Name));
            foreach (
                var text in calculator
                    .Arguments.SelectMany(a => a.Choices.Select(c => c.Label).Append(a.Label).Append(a.Help))
                    .Append(calculator.Title)
                    .Append(calculator.Purpose)
            )
            {
                if (text is null)
                    continue;
                Assert.That(text.Zh, Is.Not.Empty);
                Assert.That(text.En, Is.Not.Empty);
            }
        }
    }

    [Test(Description = "every calculator's explanation is complete in English")]
    public void English_answers()
    {
        var answer = Calculators.Run(
            "trial-limit",
            Arguments("--procedure", "MC-SUM", "--filed", "2026-03-02", "--convert", "MC-ORD@2026-04-01", "--deduct", "2026-04-10..2026-05-01:D-JD"),
            SingleCalendar.BuiltIn,
            LawLanguage.English
        );
        foreach (var line in answer["explanation"]!.AsArray())
            Assert.That(((string?)line!["text"])!.Any(c => c is >= '\u4e00' and <= '\u9fa5'), Is.False, (string?)line["text"]);
    }
}
