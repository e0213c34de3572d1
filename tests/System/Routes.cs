using System.Reflection;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>A way into the product: a page, one of its handlers, an endpoint.</summary>
/// <param name="Handler">Of a page: "" or the name in ?handler=.</param>
/// <param name="Fields">What it takes by address, query, form or JSON, down to the simple types.</param>
internal sealed record Route(string Method, string Path, string Handler, string Action, bool IsPage, IReadOnlyList<RouteField> Fields)
{
    public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}{(Handler.Length > 0 ? "?handler=" + Handler : "")}";
}

/// <param name="Many">In a list.</param>
internal sealed record RouteField(string Name, Type Type, bool Many = false);

/// <summary>Every route of the host, by reflection.</summary>
internal static class Routes
{
    public static IEnumerable<Route> Of(TestApp app)
    {
        foreach (var endpoint in ((IEndpointRouteBuilder)app.Web).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>())
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (path.EndsWith("/Index", StringComparison.Ordinal))
                continue;
            foreach (
                var route in endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page
                    ? OfPage(app, endpoint, page, path)
                    : OfEndpoint(app, endpoint, path)
            )
                yield return route;
        }
    }

    private static IEnumerable<Route> OfPage(TestApp app, RouteEndpoint endpoint, PageActionDescriptor page, string path)
    {
        var compiled =
            endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>()
            ?? app.Services.GetRequiredService<PageLoader>().LoadAsync(page, EndpointMetadataCollection.Empty).GetAwaiter().GetResult();
        var action = PermitAttribute.Of(compiled.ModelTypeInfo!.AsType())!.Action;
        foreach (var handler in compiled.HandlerMethods.Where(h => h.HttpMethod is "Get" or "Post"))
            yield return new Route(
                handler.HttpMethod.ToUpperInvariant(),
                path,
                handler.Name ?? "",
                action,
                true,
                [
                    .. compiled
                        .BoundProperties.OfType<PageBoundPropertyDescriptor>()
                        .Where(p => handler.HttpMethod == "Post" || p.Property.GetCustomAttribute<BindPropertyAttribute>()?.SupportsGet == true)
                        .Concat<ParameterDescriptor>(handler.Parameters)
                        .SelectMany(p => Leaves(p.BindingInfo?.BinderModelName ?? p.Name, p.ParameterType)),
                ]
            );
    }

    private static IEnumerable<Route> OfEndpoint(TestApp app, RouteEndpoint endpoint, string path)
    {
        var services = app.Services.GetRequiredService<IServiceProviderIsService>();
        var fields = (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            .Where(p =>
                !services.IsService(p.ParameterType)
                && p.ParameterType != typeof(CancellationToken)
                && p.ParameterType.Namespace?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) != true
            )
            .SelectMany(p => Leaves(IsSimple(p.ParameterType) ? p.Name! : "", p.ParameterType))
            .ToList();
        foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            yield return new Route(method, path, "", endpoint.Metadata.GetMetadata<PermitAttribute>()!.Action, false, fields);
    }

    private static IEnumerable<RouteField> Leaves(string name, Type type)
    {
        if (IsSimple(type))
            return [new RouteField(name, Nullable.GetUnderlyingType(type) ?? type)];
        if (type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list)
            return Leaves(name, list.GetGenericArguments()[0]).Select(f => f with { Many = true });
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            return [new RouteField(name, type)];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.GetIndexParameters().Length == 0)
            .SelectMany(p => Leaves(name.Length > 0 ? $"{name}.{p.Name}" : char.ToLowerInvariant(p.Name[0]) + p.Name[1..], p.PropertyType));
    }

    private static bool IsSimple(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var t
        && (
            t == typeof(string)
            || t.IsPrimitive
            || t.IsEnum
            || t == typeof(DateOnly)
            || t == typeof(DateTime)
            || t == typeof(DateTimeOffset)
            || t == typeof(decimal)
            || t == typeof(IFormFile)
        );
}
