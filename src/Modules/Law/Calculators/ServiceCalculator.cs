using System.Text.Json.Nodes;

namespace CourtOps.Law;

internal static class ServiceCalculator
{
    private static readonly string[] Confirmation = ["confirmed", "statutory", "unconfirmed"];
    private static readonly string[] Source = ["provided", "obtained"];

    internal static JsonObject Run(CalculatorCall call)
    {
        var reader = call.Reader;
        var method = reader.Choice<ServiceMethod>("method");
        Refuse(reader, method);
        var facts = new ServiceFacts
        {
            Method = method,
            On = reader.Date("on"),
            CollectBy = reader.Date("collect-by"),
            Published = reader.Date("published"),
            Delivered = reader.Date("delivered"),
            Returned = reader.Date("returned"),
            Warned = reader.Flag("warned"),
            Arrived = reader.Moment("arrived"),
            Read = reader.Moment("read"),
            Replied = reader.Moment("replied"),
            Bounced = reader.Moment("bounced"),
            Document = reader.Has("document") ? reader.Choice<ServedDocument>("document") : null,
            Procedure = reader.Required("procedure"),
            Foreign = reader.Flag("foreign"),
            Custody = reader.Flag("custody"),
        };
        facts = method switch
        {
            ServiceMethod.Postal => Postal(reader, facts),
            ServiceMethod.Electronic => facts with
            {
                ElectronicAddress = Address(reader, Source) == "provided" ? ElectronicAddress.Provided : ElectronicAddress.Obtained,
            },
            _ => facts,
        };
        var effect = ServiceRules.Judge(facts, call.Calendar, call.ServiceSettings, call.Explain);
        return new JsonObject
        {
            ["effective"] = effect.Effective,
            ["effectiveOn"] = CalculatorCall.Day(effect.EffectiveOn),
            ["rawEffectiveOn"] = CalculatorCall.Day(effect.RawEffectiveOn),
            ["presumed"] = effect.Presumed,
            ["basis"] = LawArticles.Get(effect.Basis, effect.EffectiveOn).Source(call.Language),
            ["defenceEnds"] = CalculatorCall.Day(effect.DefenceEnds),
            ["appealEnds"] = CalculatorCall.Day(effect.AppealEnds),
            ["next"] = effect.Next,
            ["provisional"] = effect.Provisional,
            ["explanation"] = call.Explained(),
        };
    }

    private static ServiceFacts Postal(ArgumentReader reader, ServiceFacts facts)
    {
        if (facts.Delivered is not null && facts.Returned is not null)
            throw new LawError("returned", LawReasons.NotBoth, "delivered");
        if (facts.Delivered is not null)
            return facts;
        if (facts.Returned is null)
            throw new LawError("delivered", LawReasons.MissingOneOf, "delivered, returned");
        var address = Address(reader, Confirmation);
        return facts with
        {
            Reason = reader.Choice<ReturnReason>("reason"),
            PostalAddress = address switch
            {
                "confirmed" => PostalAddress.Confirmed,
                "statutory" => PostalAddress.Statutory,
                _ => PostalAddress.Unconfirmed,
            },
        };
    }

    private static string Address(ArgumentReader reader, string[] allowed)
    {
        var address = reader.Required("address");
        return allowed.Contains(address, StringComparer.Ordinal)
            ? address
            : throw new LawError("address", LawReasons.UnknownCode, LawDates.Shown(address), string.Join(", ", allowed));
    }

    /// <summary>An argument of another method is a slip that would otherwise go unseen.</summary>
    private static void Refuse(ArgumentReader reader, ServiceMethod method)
    {
        var name = reader.Required("method");
        foreach (var argument in ServiceForm.Service.Arguments)
            if (argument.When is { } when && reader.Has(argument.Name) && !when.Values.Contains(name, StringComparer.Ordinal))
                throw new LawError(argument.Name, LawReasons.NotUsedHere, name);
        if (method == ServiceMethod.Collected && reader.Has("on") && reader.Has("collect-by"))
            throw new LawError("collect-by", LawReasons.NotBoth, "on");
    }
}
