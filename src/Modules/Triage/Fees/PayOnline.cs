using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Triage.Fees;

/// <summary>Where a person pays: CourtOps:Pay:Url and :Key of the platform; without them nobody is sent anywhere.</summary>
internal sealed class PayPlatform(IConfiguration configuration, TimeProvider clock)
{
    public string? Key => configuration["CourtOps:Pay:Key"] is { Length: > 0 } key ? key : null;

    /// <summary>The address at the platform for a code: signed over code and amount, so that neither can be changed on the way. Null where none is configured
    /// or nothing is owed.</summary>
    /// <param name="cents">What is still owed.</param>
    public string? AddressOf(string code, long cents)
    {
        if (configuration["CourtOps:Pay:Url"] is not { Length: > 0 } url || Key is not { } key || code.Length == 0 || cents <= 0)
            return null;
        var (stamp, yuan) = (clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), FeeLedger.Yuan(cents));
        return $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}code={Uri.EscapeDataString(code)}&amount={yuan}&t={stamp}&sign={MessageSignature.Of(key, stamp, $"{code}|{yuan}")}";
    }
}

/// <summary>
/// The platform's return: money that was paid online. One reference is one payment however often it is told; short, too much and later parts are taken as the
/// ledger takes them.
/// Money for a code nobody knows waits with the court the platform names; where it names none it is refused, and stays with the platform.
/// </summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.fee.gateway")]
internal sealed record PayByGateway : ICommand<ReceivePayment.Result>
{
    public string Code { get; init; } = "";

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public string Reference { get; init; } = "";

    /// <summary>The code of the court whose account the money came to; needed for unknown payment codes alone.</summary>
    public string Court { get; init; } = "";

    internal sealed class Validator : AbstractValidator<PayByGateway>
    {
        public Validator()
        {
            RuleFor(c => c.Code).NotEmpty().WithMessage("请填写缴费码。").MaximumLength(40).WithMessage("缴费码最长 40 个字符。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写流水号或者收据号。").MaximumLength(100).WithMessage("流水号最长 100 个字符。");
            RuleFor(c => c.Amount)
                .Must(a => a is > 0 and <= 9_999_999_999m && decimal.Round(a.Value, 2) == a)
                .WithMessage("金额应为大于 0、最多两位小数的数。");
        }
    }

    internal sealed class Handler(FeeLedger ledger, ICourts courts, TimeProvider clock, AuditTrail audit) : ICommandHandler<PayByGateway, ReceivePayment.Result>
    {
        public async Task<ReceivePayment.Result> Handle(PayByGateway request, CancellationToken cancellationToken)
        {
            var code = PartyReading.Fold(request.Code);
            var bill = await ledger.AnywhereAsync(code, cancellationToken);
            var court =
                bill?.CourtId
                ?? (request.Court.Length > 0 ? (await courts.FindAsync(request.Court, cancellationToken))?.Id : null)
                ?? throw new RuleBroken($"没有缴费码 {request.Code}，请核对缴费通知。", "Code", "unknown");
            var cents = (long)(request.Amount!.Value * 100);
            var outcome = await ledger.ReceiveAsync(
                bill,
                court,
                code,
                cents,
                request.Reference.Trim(),
                "gateway",
                Times.Day(clock.GetUtcNow()),
                cancellationToken
            );
            audit.Note("bill", code, new { cents, outcome }, bill?.CaseId);
            return new ReceivePayment.Result(outcome);
        }
    }
}

/// <summary>The door of the platform: signed, at most 64 KB; anything unsigned is 401, nonsense 400, a payment that cannot be taken 422 with its
/// reason.</summary>
internal static class PayHook
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapPost(
                "/hooks/triage/payments",
                async (HttpContext http, IMediator mediator, PayPlatform platform, TimeProvider clock, Texts texts) =>
                {
                    if (await HookBody.ReadAsync(http) is not { } body)
                        return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
                    if (
                        !MessageSignature.Holds(platform.Key, http.Request.Headers["X-Timestamp"], http.Request.Headers["X-Signature"], body, clock.GetUtcNow())
                    )
                        return Results.Unauthorized();
                    Paid paid;
                    try
                    {
                        paid = JsonSerializer.Deserialize<Paid>(body, Json.Stored) ?? throw new JsonException("No payment.");
                    }
                    catch (JsonException)
                    {
                        return Results.BadRequest();
                    }
                    try
                    {
                        var result = await mediator.Send(
                            new PayByGateway
                            {
                                Code = paid.Code ?? "",
                                Amount = paid.Amount,
                                Reference = paid.Reference ?? "",
                                Court = paid.Court ?? "",
                            },
                            http.RequestAborted
                        );
                        return Results.Json(new { outcome = result.Outcome });
                    }
                    catch (RuleBroken e)
                    {
                        return Results.Json(
                            new
                            {
                                outcome = "refused",
                                code = e.Code,
                                reason = texts.Of(e),
                            },
                            statusCode: StatusCodes.Status422UnprocessableEntity
                        );
                    }
                    catch (ValidationException e)
                    {
                        return Results.Json(
                            new { outcome = "refused", reason = string.Join(' ', e.Errors.Select(f => f.ErrorMessage)) },
                            statusCode: StatusCodes.Status422UnprocessableEntity
                        );
                    }
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));

    private sealed record Paid
    {
        public string? Code { get; init; }
        public decimal? Amount { get; init; }
        public string? Reference { get; init; }
        public string? Court { get; init; }
    }
}
