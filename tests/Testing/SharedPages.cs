using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Testing;

/// <summary>
/// What the framework finds out about page models by reflection, kept for all applications of the process: it depends on the types and on the options of MVC
/// alone, which no test changes, and was most of the time an application took to make its routes. The models are handed out as copies, because each
/// application's conventions and filters may write to them.
/// </summary>
internal sealed class SharedPages(IPageApplicationModelPartsProvider parts) : IPageApplicationModelPartsProvider
{
    // a method that pages inherit has one hash for all of them: their type tells them apart
    private static readonly ConcurrentDictionary<(Type? Page, MethodInfo Method), PageHandlerModel?> Handlers = new();
    private static readonly ConcurrentDictionary<(Type? Page, PropertyInfo Property), PagePropertyModel> Properties = new();
    private static readonly Lock Gate = new();
    private static IModelMetadataProvider? metadata;
    private static SharedPages? shared;

    /// <summary>Gives an application what an earlier one found out; the first one has nothing to be given.</summary>
    public static void Add(IServiceCollection services)
    {
        lock (Gate)
        {
            if (metadata is null || shared is null)
                return;
            services.AddSingleton(metadata);
            services.AddSingleton<IPageApplicationModelPartsProvider>(shared);
        }
    }

    /// <summary>Takes the first application's providers. They hold nothing of it but options.</summary>
    public static void Keep(IServiceProvider services)
    {
        lock (Gate)
        {
            if (shared is not null)
                return;
            metadata = services.GetRequiredService<IModelMetadataProvider>();
            shared = new SharedPages(services.GetRequiredService<IPageApplicationModelPartsProvider>());
        }
    }

    public PageHandlerModel? CreateHandlerModel(MethodInfo method) =>
        Handlers.GetOrAdd((method.ReflectedType, method), k => parts.CreateHandlerModel(k.Method)) is { } model ? new PageHandlerModel(model) : null;

    // asked for inside CreateHandlerModel alone, whose copies carry them
    public PageParameterModel CreateParameterModel(ParameterInfo parameter) => parts.CreateParameterModel(parameter);

    public PagePropertyModel CreatePropertyModel(PropertyInfo property) =>
        new(Properties.GetOrAdd((property.ReflectedType, property), k => parts.CreatePropertyModel(k.Property)));

    public bool IsHandler(MethodInfo methodInfo) => parts.IsHandler(methodInfo);
}
