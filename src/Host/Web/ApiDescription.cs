using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CourtOps.Host.Web;

/// <summary>The description of the API: the key, the headers, what refusals look like, ids as texts. Made of what endpoints declare.</summary>
internal static class ApiDescription
{
    private const string Key = "apiKey";
    private const string Digits = "^[0-9]{1,19}$";
    private static readonly (string Status, string Description)[] Refusals =
    [
        ("401", "No key, or one that is not valid"),
        ("403", "The key may not do this"),
        ("404", "There is no such thing, or the caller may not know of it"),
        ("409", "Changed by somebody else, or used already"),
        ("422", "What was sent breaks a rule; errors names the field"),
        ("429", "Too many requests; Retry-After says when to come again"),
    ];

    public static void Make(OpenApiOptions options)
    {
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info.Title = "CourtOps";
                document.Info.Description =
                    "Ids are texts of digits. Times are ISO 8601 with offset, dates YYYY-MM-DD. Lists go on by the next of the answer before. "
                    + "Refusals are problem details (RFC 9457) in the language of Accept-Language.";
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                document.Components.SecuritySchemes[Key] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = "X-Api-Key",
                    Description = "Acts as the person it was made for, within its court, actions and addresses.",
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
                return Task.CompletedTask;
            }
        );
        options.AddSchemaTransformer(
            (schema, context, _) =>
            {
                var type = context.JsonTypeInfo.Type;
                if (type == typeof(long) || type == typeof(long?))
                    (schema.Type, schema.Pattern, schema.Format) = (JsonSchemaType.String, Digits, null);
                else if (typeof(IEnumerable<long>).IsAssignableFrom(type))
                    schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Digits };
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(
            (operation, context, _) =>
            {
                Describe(operation, context.Description.ActionDescriptor.EndpointMetadata);
                return Task.CompletedTask;
            }
        );
    }

    private static void Describe(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var header in metadata.OfType<ApiHeader>())
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = header.Name,
                    In = ParameterLocation.Header,
                    Description = header.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        if (metadata.OfType<ApiForm>().FirstOrDefault() is { } form)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = SchemaOf(form) } },
            };
        if (metadata.OfType<ApiBytes>().FirstOrDefault() is { } bytes)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = bytes.Description,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/octet-stream"] = new() },
            };
        if (metadata.OfType<PermitAttribute>().FirstOrDefault() is { } permit && permit.Action is not (PermitAttribute.Anyone or PermitAttribute.SignedIn))
            operation.Description = $"{operation.Description} Needs the action {permit.Action}.".TrimStart();
        operation.Responses ??= [];
        foreach (var (status, description) in Refusals)
            operation.Responses.TryAdd(status, new OpenApiResponse { Description = description });
    }

    private static OpenApiSchema SchemaOf(ApiForm form) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = form.Fields.ToDictionary(
                f => f.Name,
                f =>
                    (IOpenApiSchema)
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.String,
                            Format = f.IsFile ? "binary" : null,
                            Description = f.Description,
                        }
            ),
            Required = form.Fields.Where(f => f.Required).Select(f => f.Name).ToHashSet(),
        };
}
