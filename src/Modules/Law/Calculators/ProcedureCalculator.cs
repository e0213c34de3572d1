using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourtOps.Law;

internal static class ProcedureCalculator
{
    private const int MostClaims = 1_000;

    internal static JsonObject Run(CalculatorCall call)
    {
        var input = call.Arguments.Input ?? FromArguments(call.Reader);
        var fields = new JsonFields(input);
        var kind = fields.Text("kind") ?? throw new LawError("kind", LawReasons.Missing);
        fields.Allow(ProcedureForm.Fields(kind) ?? throw new LawError("kind", LawReasons.UnknownCode, LawDates.Shown(kind), "civil, criminal, admin"));
        var choice = kind switch
        {
            "criminal" => CriminalProcedure.Choose(Criminal(fields)),
            "admin" => AdminProcedure.Choose(Admin(fields)),
            _ => CivilProcedure.Choose(Civil(fields), call.Figures),
        };
        return new JsonObject
        {
            ["procedure"] = choice.Procedure,
            ["mandatory"] = choice.Mandatory,
            ["row"] = choice.Row,
            ["why"] = CalculatorCall.Lines(choice.Why.Render(call.Language)),
            ["limit"] = choice.Limit,
            ["provisional"] = choice.Provisional,
        };
    }

    private static CivilProcedureFacts Civil(JsonFields f) =>
        new()
        {
            Court = f.Text("court") ?? "basic",
            Province = f.Text("province"),
            Filed = f.Date("filed"),
            Claims = Claims(f),
            FactsClear = f.Flag("factsClear"),
            RightsClear = f.Flag("rightsClear"),
            DisputeSmall = f.Flag("disputeSmall"),
            AgreeSmall = f.Flag("agreeSmall"),
            AgreeSimple = f.Flag("agreeSimple"),
            SpecialMatter = SpecialMatter(f),
            DefendantMissing = f.Flag("defendantMissing"),
            Remand = f.Flag("remand"),
            Retrial = f.Flag("retrial"),
            ThirdPartyRevocation = f.Flag("thirdPartyRevocation"),
            PublicInterest = f.Flag("publicInterest"),
            ManyParties = f.Flag("manyParties"),
            Foreign = f.Flag("foreign"),
            ExpertOpinionNeeded = f.Flag("expertOpinionNeeded"),
            Counterclaim = f.Flag("counterclaim"),
            PersonalStatus = f.Flag("personalStatus"),
            TitleConfirmation = f.Flag("titleConfirmation"),
        };

    private static CriminalProcedureFacts Criminal(JsonFields f) =>
        new()
        {
            Pleads = f.Flag("pleads"),
            AgreesProcedure = f.Flag("agreesProcedure"),
            FactsClear = f.Flag("factsClear"),
            MaxSentenceMonths = f.Count("maxSentenceMonths"),
            Minor = f.Flag("minor"),
            BlindDeafMute = f.Flag("blindDeafMute"),
            SettledCivil = f.Flag("settledCivil"),
            CoAccusedObjects = f.Flag("coAccusedObjects"),
        };

    private static AdminProcedureFacts Admin(JsonFields f) =>
        new()
        {
            FactsClear = f.Flag("factsClear"),
            SummaryPenalty = f.Flag("summaryPenalty"),
            Amount = f.Money("amount"),
            InformationDisclosure = f.Flag("informationDisclosure"),
            BothAgree = f.Flag("bothAgree"),
            Remand = f.Flag("remand"),
            Retrial = f.Flag("retrial"),
        };

    /// <summary>A name, or true; null and false mean none.</summary>
    private static string? SpecialMatter(JsonFields f) => f.IsFlag("specialMatter") ? (f.Flag("specialMatter") ? "true" : null) : f.Text("specialMatter");

    private static IReadOnlyList<ProcedureClaim> Claims(JsonFields f)
    {
        if (f.Node("claims") is not { } node)
            return [];
        if (node is not JsonArray list)
            throw new LawError("claims", CalculatorWords.NotClaims);
        if (list.Count > MostClaims)
            throw new LawError("claims", CalculatorWords.TooMany, MostClaims);
        return
        [
            .. list.Select(
                (item, i) =>
                {
                    var path = $"claims[{i}]";
                    if (item is not JsonObject claim)
                        throw new LawError(path, CalculatorWords.NotClaims);
                    var fields = new JsonFields(claim, path + ".");
                    fields.Allow(["type", "amount"]);
                    return new ProcedureClaim(fields.Text("type") ?? throw new LawError(path + ".type", LawReasons.Missing), fields.Money("amount"));
                }
            ),
        ];
    }

    /// <summary>A form gives the same fields as named texts; claims as TYPE:AMOUNT.</summary>
    private static JsonObject FromArguments(ArgumentReader reader)
    {
        var input = new JsonObject();
        foreach (var argument in ProcedureForm.Procedure.Arguments)
        {
            if (!reader.Has(argument.Name))
                continue;
            input[argument.Name] = argument.Type switch
            {
                ArgumentType.Flag => reader.Flag(argument.Name),
                ArgumentType.Count => reader.Count(argument.Name),
                ArgumentType.Claim => new JsonArray([.. reader.All(argument.Name).Select(Claim)]),
                _ => reader.Text(argument.Name),
            };
        }

        return input;
    }

    private static JsonNode Claim(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new JsonObject { ["type"] = text } : new JsonObject { ["type"] = text[..colon], ["amount"] = text[(colon + 1)..] };
    }
}

/// <summary>Typed reading of a JSON object, with errors by field.</summary>
internal sealed class JsonFields(JsonObject input, string prefix = "")
{
    internal void Allow(IReadOnlyCollection<string> names)
    {
        foreach (var (name, _) in input)
            if (!names.Contains(name, StringComparer.Ordinal))
                throw new LawError(prefix + (name.Length == 0 ? "input" : LawDates.Shown(name)), LawReasons.UnknownArgument, string.Join(", ", names));
    }

    internal JsonNode? Node(string name) => input.TryGetPropertyValue(name, out var node) ? node : null;

    internal bool IsFlag(string name) => Node(name)?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    internal string? Text(string name) =>
        Node(name) switch
        {
            null => null,
            JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>() is { Length: > 0 } text ? text : null,
            _ => throw new LawError(prefix + name, CalculatorWords.NotText),
        };

    internal bool Flag(string name) =>
        Node(name)?.GetValueKind() switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw new LawError(prefix + name, CalculatorWords.NotABool),
        };

    internal DateOnly? Date(string name) => Text(name) is { } text ? LawDates.Parse(prefix + name, text) : null;

    internal int? Count(string name) =>
        Node(name) switch
        {
            null => null,
            JsonValue v
                when v.GetValueKind() == JsonValueKind.Number
                    && int.TryParse(
                        v.ToJsonString(),
                        System.Globalization.NumberStyles.None,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var number
                    ) => number,
            _ => throw new LawError(prefix + name, CalculatorWords.NotWhole),
        };

    /// <summary>A text or a number with at most two decimals.</summary>
    internal decimal? Money(string name) =>
        Node(name) switch
        {
            null => null,
            JsonValue v when v.GetValueKind() == JsonValueKind.Number => Yuan.Parse(prefix + name, v.ToJsonString()),
            _ => Text(name) is { } text ? Yuan.Parse(prefix + name, text) : null,
        };
}
