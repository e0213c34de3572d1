using System.Reflection;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Module = CourtOps.Kernel.Modules.Module;

namespace CourtOps.Kernel;

/// <summary>The same steps for every module; a module cannot forget one because it does not perform it.</summary>
public static class Registration
{
    public static IServiceCollection AddKernel(
        this IServiceCollection services,
        ModuleList modules,
        Dialect dialect,
        DataFolder folder,
        string? secretKey,
        long maxUpload,
        IEnumerable<(Type Type, string Name, int Version)> events
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(modules);
        services.AddSingleton<Modules.DemoCourt>();
        services.AddSingleton(_ => dialect); // made here, closed with the host
        services.AddSingleton(folder);
        services.AddSingleton(new Database(dialect));
        services.AddSingleton<Ids>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<ICipherSuite, AesSuite>();
        services.AddSingleton(p => new KeyRing(
            folder,
            secretKey,
            p.GetServices<ICipherSuite>(),
            p.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["CourtOps:Secrets:Suite"]
        ));
        services.AddSingleton(p => new Secrets(p.GetRequiredService<KeyRing>()));
        services.AddSingleton<KeyGuard>();
        services.AddSingleton(p => new Files.FileSettings(
            p.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["CourtOps:Files:Encrypt"] is "true" or "True" or "1"
        ));
        services.AddScoped<KeyRotation>();
        services.AddSingleton(new UploadLimits(maxUpload));
        services.AddSingleton<ActionCatalogue>();
        services.AddSingleton<ActivityCatalogue>();
        services.AddSingleton<AnchorFiles>();
        services.AddSingleton<ArchiveFiles>();
        services.AddSingleton(p => RetentionPolicy.Read(p.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()));
        services.AddSingleton<AuditLog>();
        services.AddSingleton<SealedLog>(p => p.GetRequiredService<AuditLog>());
        services.AddSingleton(new AnchorSource(AnchorFiles.Audit, "SELECT MAX(seq) FROM kernel_audit_seal"));
        services.AddSingleton(new AnchorSource(AnchorFiles.Access, "SELECT MAX(seq) FROM kernel_access_seal"));
        services.AddScoped<Verifying.Verifier>();
        services.AddSingleton<AccessStore>();
        services.AddSingleton<AccessSeals>();
        services.AddSingleton<SealedLog>(p => p.GetRequiredService<AccessSeals>());
        services.AddSingleton(p => new AccessOptions
        {
            Flush = p.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["CourtOps:Access:Flush"] is "true" or "True" or "1",
        });
        services.AddScoped<AccessLog>();
        services.AddSingleton<Sealer>();
        services.AddScoped<Origin>();
        services.AddSingleton<RelaySignal>();
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<Relay>();
        services.AddSingleton<WorkPump>();
        services.AddSingleton<Changes>();
        services.AddSingleton(Mail.MailLimits.Usual);
        services.AddSingleton<Mail.SmtpMail>();
        services.AddSingleton<SearchSignal>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<SearchFeeder>();
        services.AddScoped<SearchChanges>();
        services.AddSingleton<Printing.IPrinter>(_ => new Printing.ChromiumPrinter());
        services.AddSingleton(new Printing.PrinterPrograms());
        services.AddSingleton(new Printing.PdfInspector());
        services.AddSingleton<Printing.PdfStamper>();
        services.AddScoped<Db>();
        services.AddTransient<Jobs.Round>();
        services.AddScoped<Actor>();
        services.AddScoped<Texts>();
        services.AddScoped<AuditTrail>();
        services.AddScoped<FactRecord>();
        services.AddScoped<KeptForms>();
        services.AddScoped<Decisions>();
        services.AddSingleton<Settings.SettingCatalogue>();
        services.AddSingleton<Settings.SettingStore>();
        services.AddSingleton<Settings.ISettings, Settings.CurrentSettings>();
        services.AddScoped<Settings.SettingBook>();
        services.AddScoped<Settings.DryRuns>();
        services.AddScoped<Outbox>();
        services.AddScoped<WorkQueue>();
        services.AddScoped<Idempotency>();
        services.AddScoped<Sequences>();
        services.AddScoped<BlobStore>();
        services.AddScoped<Uploads>();
        services.AddScoped<ServiceFactory>(p => p.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(PermissionBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehaviour<,>));
        var reactions = new List<Reaction>();
        foreach (var module in modules.All)
        {
            AddHandlers(services, module.Assembly);
            reactions.AddRange(AddReactions(services, module));
            services.AddValidatorsFromAssembly(module.Assembly, includeInternalTypes: true);
            foreach (var work in Concrete(module.Assembly).Where(t => typeof(IWorkHandler).IsAssignableFrom(t)))
                services.AddScoped(typeof(IWorkHandler), work);
            foreach (var source in Concrete(module.Assembly).Where(t => typeof(ISearchSource).IsAssignableFrom(t)))
                services.AddScoped(typeof(ISearchSource), source);
            foreach (var facts in Concrete(module.Assembly).Where(t => typeof(IFactSource).IsAssignableFrom(t)))
            {
                services.AddScoped(facts);
                services.AddScoped(typeof(IFactSource), facts);
            }
            foreach (var check in Concrete(module.Assembly).Where(t => typeof(Verifying.ICheck).IsAssignableFrom(t)))
                services.AddScoped(typeof(Verifying.ICheck), check);
            foreach (var job in modules.Declared.Where(d => d.Module == module).SelectMany(d => d.Declaration.Jobs))
                services.TryAddScoped(job.Handler);
            foreach (var demo in modules.Declared.Where(d => d.Module == module).SelectMany(d => d.Declaration.Demos))
                services.TryAddScoped(demo.Story);
            module.AddServices(services);
        }
        services.TryAddSingleton<Settings.ISettingTree, Settings.NoCourts>();
        services.AddSingleton(new Subscriptions(events, reactions));
        return services;
    }

    private static void AddHandlers(IServiceCollection services, Assembly assembly)
    {
        foreach (var type in Concrete(assembly))
        foreach (var face in type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)))
            services.AddScoped(face, type);
    }

    private static IEnumerable<Reaction> AddReactions(IServiceCollection services, Module module)
    {
        foreach (var type in Concrete(module.Assembly))
        foreach (var face in type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INotificationHandler<>)))
        {
            services.AddScoped(type);
            yield return new Reaction($"{module.Prefix}.{type.Name}", face.GetGenericArguments()[0], type);
        }
    }

    private static IEnumerable<Type> Concrete(Assembly assembly) =>
        assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false });
}
