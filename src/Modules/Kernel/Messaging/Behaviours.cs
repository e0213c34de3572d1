using System.Diagnostics;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Messaging;

// The three behaviours of the pipeline, outermost first. Moving to a later MediatR changes this file and the registration alone.

internal sealed class PermissionBehaviour<TRequest, TResponse>(Actor actor, Db db, AuditTrail audit) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var permit = PermitAttribute.Of(typeof(TRequest)) ?? throw new InvalidOperationException($"{typeof(TRequest).FullName} declares no permission.");
        try
        {
            actor.Demand(permit.Action);
        }
        catch (Forbidden e) when (request is IChange && !db.InTransaction)
        {
            await audit.WriteFailedAsync(db, request, e);
            throw;
        }
        return await next();
    }
}

internal sealed class ValidationBehaviour<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators, Db db, AuditTrail audit)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request is IChange && PlainText.FirstFault(request) is { } fault)
            await RefuseAsync(request, new ValidationException([new FluentValidation.Results.ValidationFailure(fault.Field, fault.Message)]));
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
                await RefuseAsync(request, new ValidationException(result.Errors));
        }
        return await next();
    }

    // a change that was tried is on record, whatever kept it from being made
    private async Task RefuseAsync(TRequest request, ValidationException e)
    {
        if (request is IChange && !db.InTransaction)
            await audit.WriteFailedAsync(db, request, e);
        throw e;
    }
}

internal sealed class TransactionBehaviour<TRequest, TResponse>(
    Db db,
    AuditTrail audit,
    Idempotency idempotency,
    ILogger<TransactionBehaviour<TRequest, TResponse>> log
) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request is not IChange || db.InTransaction)
            return await next();
        var started = Stopwatch.GetTimestamp();
        for (var round = 1; ; round++)
        {
            await db.BeginAsync(cancellationToken);
            try
            {
                var response = await next();
                await audit.WriteDoneAsync(request, cancellationToken);
                await idempotency.KeepAsync(response, cancellationToken);
                await db.CommitAsync(CancellationToken.None);
                log.LogDebug("{Request} done in {Elapsed} ms", typeof(TRequest).Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                return response;
            }
            catch (Exception e) when (round == 1 && db.Dialect.IsTransient(e))
            {
                await db.RollbackAsync();
                audit.Forget();
                idempotency.Undone();
            }
            catch (Exception e)
            {
                await db.RollbackAsync();
                idempotency.Undone();
                await audit.WriteFailedAsync(db, request, e);
                throw;
            }
        }
    }
}
