using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

/// <summary>What an endpoint of the API says of itself beside its action; its description is made of it.</summary>
public static class ApiDeclarations
{
    /// <summary>May be posted again with the same Idempotency-Key.</summary>
    public static RouteHandlerBuilder Repeats(this RouteHandlerBuilder builder) => builder.AddEndpointFilter<IdempotencyFilter>().TakesKey();

    /// <summary>Looks after the Idempotency-Key by itself.</summary>
    public static RouteHandlerBuilder TakesKey(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(
            new ApiHeader(
                IdempotencyFilter.Header,
                "1 to 100 characters of the caller's choice. The same request with the same key is done once and answered the same for seven days; "
                    + "the same key with another request is refused with 409."
            )
        );

    /// <summary>Changes a thing that has a version.</summary>
    public static RouteHandlerBuilder Versioned(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(
            new ApiHeader("If-Match", "The version the caller saw, as the ETag gave it. 409 when the thing has changed since; without it nothing is compared.")
        );

    /// <summary>Takes the body as it comes, whatever it calls itself.</summary>
    public static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder builder, string description) => builder.WithMetadata(new ApiBytes(description));

    /// <summary>Takes a form; the fields are read by hand.</summary>
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder builder, params ApiField[] fields) =>
        builder.WithMetadata(new ApiForm(fields)).DisableAntiforgery();
}

/// <param name="Name">The header.</param>
/// <param name="Description">What it does.</param>
public sealed record ApiHeader(string Name, string Description);

/// <param name="Description">What they are.</param>
public sealed record ApiBytes(string Description);

/// <param name="Fields">Its fields.</param>
public sealed record ApiForm(IReadOnlyList<ApiField> Fields);

/// <param name="Name">The field.</param>
/// <param name="Description">What it holds.</param>
/// <param name="IsFile">Bytes rather than text.</param>
/// <param name="Required">Refused without it.</param>
public sealed record ApiField(string Name, string Description, bool IsFile = false, bool Required = false);
