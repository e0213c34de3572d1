using System.Text.Json.Nodes;

namespace CourtOps.Law;

internal static class MoneyCalculators
{
    internal static JsonObject Fee(CalculatorCall call)
    {
        var reader = call.Reader;
        var answer = CourtFee.Compute(
            new FeeQuestion
            {
                Kind = reader.Choice<FeeKind>("kind"),
                Claim = reader.Money("claim"),
                Property = reader.Money("property"),
                Damages = reader.Money("damages"),
                Base = reader.Money("base"),
                Half = reader.Flag("half"),
                Province = reader.Text("province"),
            },
            call.Figures,
            call.Explain
        );
        return new JsonObject
        {
            ["case"] = CalculatorCall.Yuans(answer.Case),
            ["enforcement"] = CalculatorCall.Yuans(answer.Enforcement),
            ["preservation"] = CalculatorCall.Yuans(answer.Preservation),
            ["explanation"] = call.Explained(),
        };
    }

    internal static JsonObject Auction(CalculatorCall call)
    {
        var reader = call.Reader;
        var plan = AuctionPlan.For(
            reader.Choice<AuctionKind>("kind"),
            reader.Money("valuation")!.Value,
            reader.RequiredDate("notice"),
            reader.Date("failed"),
            call.Explain
        );
        return new JsonObject
        {
            ["startPriceMin"] = Yuan.Text(plan.StartPriceMin),
            ["depositMin"] = Yuan.Text(plan.DepositMin),
            ["depositMax"] = Yuan.Text(plan.DepositMax),
            ["earliest"] = LawDates.Text(plan.Earliest),
            ["reauctionBy"] = CalculatorCall.Day(plan.ReauctionBy),
            ["reauctionPriceMin"] = Yuan.Text(plan.ReauctionPriceMin),
            ["reauctionNoticeDays"] = plan.ReauctionNoticeDays,
            ["explanation"] = call.Explained(),
        };
    }

    internal static JsonObject PenaltyInterest(CalculatorCall call)
    {
        var reader = call.Reader;
        var interest = CourtOps.Law.PenaltyInterest.Compute(
            reader.Money("debt")!.Value,
            reader.RequiredDate("from"),
            reader.RequiredDate("to"),
            null,
            call.Explain
        );
        return new JsonObject
        {
            ["days"] = interest.Days,
            ["amount"] = Yuan.Text(interest.Amount),
            ["explanation"] = call.Explained(),
        };
    }
}
