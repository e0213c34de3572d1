using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<Assembly, AssemblyTypes> Found = new();

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
            var found = Found.GetOrAdd(module.Assembly, static a => new AssemblyTypes(a));
            foreach (var (face, type) in found.Handlers)
                services.AddScoped(face, type);
            foreach (var (notification, type) in found.Reactions)
            {
                services.AddScoped(type);
                reactions.Add(new Reaction($"{module.Prefix}.{type.Name}", notification, type));
            }
            foreach (var validator in found.Validators)
            {
                services.TryAddEnumerable(ServiceDescriptor.Scoped(validator.InterfaceType, validator.ValidatorType));
                services.TryAddScoped(validator.ValidatorType);
            }
            foreach (var work in found.Of<IWorkHandler>())
                services.AddScoped(typeof(IWorkHandler), work);
            foreach (var source in found.Of<ISearchSource>())
                services.AddScoped(typeof(ISearchSource), source);
            foreach (var facts in found.Of<IFactSource>())
            {
                services.AddScoped(facts);
                services.AddScoped(typeof(IFactSource), facts);
            }
            foreach (var check in found.Of<Verifying.ICheck>())
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

    /// <summary>What a module's assembly holds; looked through once per process, since tests make one application after the other.</summary>
    private sealed class AssemblyTypes
    {
        private readonly Type[] concrete;
        private readonly ConcurrentDictionary<Type, Type[]> byFace = new();

        public AssemblyTypes(Assembly assembly)
        {
            concrete = [.. assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false })];
            Handlers = [.. Closed(typeof(IRequestHandler<,>))];
            Reactions = [.. Closed(typeof(INotificationHandler<>)).Select(r => (r.Face.GetGenericArguments()[0], r.Type))];
            Validators = [.. AssemblyScanner.FindValidatorsInAssembly(assembly, includeInternalTypes: true)];
        }

        public IReadOnlyList<(Type Face, Type Type)> Handlers { get; }

        public IReadOnlyList<(Type Notification, Type Type)> Reactions { get; }

        public IReadOnlyList<AssemblyScanner.AssemblyScanResult> Validators { get; }

        public IReadOnlyList<Type> Of<T>() => byFace.GetOrAdd(typeof(T), f => [.. concrete.Where(f.IsAssignableFrom)]);

        private IEnumerable<(Type Face, Type Type)> Closed(Type open) =>
            from type in concrete
            from face in type.GetInterfaces()
            where face.IsGenericType && face.GetGenericTypeDefinition() == open
            select (face, type);
    }
}
