using MediatR;

namespace CourtOps.Kernel.Messaging;

/// <summary>Changes something: runs in one transaction with its audit entry and its notifications.</summary>
public interface ICommand<out T> : IRequest<T>, IChange;

/// <summary>A command without an answer.</summary>
public interface ICommand : ICommand<Unit>;

/// <summary>Reads; opens no transaction.</summary>
public interface IQuery<out T> : IRequest<T>;

/// <summary>Marks what the transaction behaviour wraps.</summary>
public interface IChange;

public interface ICommandHandler<in TCommand, TResult> : IRequestHandler<TCommand, TResult>
    where TCommand : ICommand<TResult>;

public interface IQueryHandler<in TQuery, TResult> : IRequestHandler<TQuery, TResult>
    where TQuery : IQuery<TResult>;

/// <summary>Handler of a command without an answer.</summary>
public abstract class CommandHandler<TCommand> : ICommandHandler<TCommand, Unit>
    where TCommand : ICommand
{
    public async Task<Unit> Handle(TCommand request, CancellationToken cancellationToken)
    {
        await RunAsync(request, cancellationToken);
        return Unit.Value;
    }

    protected abstract Task RunAsync(TCommand command, CancellationToken ct);
}
