using LlmKit.Control.Budgets.Reports.Book;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmKit;

/// <summary>Adds the spending report to pipelines.</summary>
public static class SpendingReportExtensions
{
    private const string Section = "SpendingReport";

    /// <summary>Takes down what calls of the pipeline cost, for <see cref="LlmSpending"/> in the services: one report for all pipelines that ask for it.</summary>
    /// <remarks>
    /// It is no stage: it sees each call once, whatever stages there are, and each attempt when it ends, also of judges, of losers of a hedge and
    /// after the call has closed. It costs a call some look-ups under one lock, and hashing its request unless
    /// <see cref="SpendingReportOptions.MaxRequests"/> is 0; a pipeline that does not ask for it pays nothing.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets what is kept.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder WithSpendingReport(this LlmPipelineBuilder builder, Action<SpendingReportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(new SpendingReportSetup(builder.Name, configure));
        builder.Services.TryAddSingleton(static services => new SpendingBook(OptionsOf(services), services.GetService<TimeProvider>() ?? TimeProvider.System));
        builder.Services.TryAddSingleton(static services => new LlmSpending(services.GetRequiredService<SpendingBook>(), services));
        return builder.WithBook(static services => services.GetRequiredService<SpendingBook>());
    }

    /// <exception cref="LlmConfigurationException">Something is wrong with them; it lists all of it.</exception>
    private static SpendingReportOptions OptionsOf(IServiceProvider services)
    {
        var options = new SpendingReportOptions();
        var failures = new List<string>();
        var setups = services.GetServices<SpendingReportSetup>().ToList();
        foreach (var setup in setups)
            setup.Configure?.Invoke(options);
        foreach (var pipeline in setups.Select(setup => setup.Pipeline).Distinct())
            Bind(options, services.GetService<IConfiguration>()?.GetSection("LlmKit").GetSection(pipeline).GetSection(Section), failures);
        failures.AddRange(options.Failures());
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : options;
    }

    private static void Bind(SpendingReportOptions options, IConfiguration? section, List<string> failures)
    {
        try
        {
            if (section is not null)
                options.Bind(section);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            failures.Add($"The configuration of '{Section}' cannot be read: {exception.Message}");
        }
    }
}
