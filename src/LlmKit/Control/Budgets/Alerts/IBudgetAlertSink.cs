namespace LlmKit;

/// <summary>Is told when a part of a limit is spent, once for each window: sends a mail, pages somebody. Register any number with the services.</summary>
/// <remarks>Implementations are thread-safe. One that fails is logged by its exception's type and changes nothing.</remarks>
public interface IBudgetAlertSink
{
    /// <summary>Takes an alert.</summary>
    /// <param name="alert">The alert. It names the account's tenant or user.</param>
    /// <returns>A task that ends when it was taken.</returns>
    ValueTask AlertAsync(BudgetAlert alert);
}
