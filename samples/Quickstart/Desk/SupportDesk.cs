namespace Quickstart;

/// <summary>The desk: its tenants, its features and the system prompts that follow from them.</summary>
internal static class SupportDesk
{
    public static IReadOnlyList<Tenant> Tenants { get; } =
    [
        new("acme", "Acme", "Speak warmly and in short sentences.", "amber heron lantern"),
        new("borealis", "Borealis", "Speak plainly, like a good neighbour.", "quiet birch anvil"),
        new("cobalt", "Cobalt", "Speak precisely and name the next step.", "seventh copper tide"),
        new("dune", "Dune", "Speak cheerfully and never at length without need.", "velvet orchard compass", IsShortOfMoney: true),
    ];

    public static IReadOnlyList<Feature> Features { get; } =
    [
        new("faq", "Answer questions about devices and the rules of the shop from the handbook.", 300, IsShared: true),
        new("account", "Answer questions about the customer's account and payments.", 300),
        new("orders", "Answer questions about orders and returns. Look up order numbers with the tools.", 300, OffersTools: true),
        new("triage", "Sort the ticket: name the queue, the priority and the next step. Answer with a JSON object.", 300, WantsJson: true),
        new("letters", "Write the letter, note or guide that is asked for, complete and ready to be sent.", 1200, NeedsStrongModel: true),
    ];

    public static Tenant Tenant(string name) =>
        Tenants.FirstOrDefault(tenant => tenant.Name == name)
        ?? throw new InvalidOperationException($"The tenant '{name}' is unknown. Add it to SupportDesk.Tenants.");

    public static Feature Feature(string name) =>
        Features.FirstOrDefault(feature => feature.Name == name)
        ?? throw new InvalidOperationException($"The feature '{name}' is unknown. Add it to SupportDesk.Features.");

    /// <summary>The name by which the desk addresses a customer; it differs by user and by tenant.</summary>
    public static string CustomerName(string tenant, string user) => $"Customer {user} of {Tenant(tenant).Shop}";

    /// <summary>The customer's name as the model learns it: a shared feature does not say who asks.</summary>
    public static string CustomerIn(WorkloadRequest request) =>
        Feature(request.Feature).IsShared ? "customer" : CustomerName(request.Tenant, request.User);

    public static string SystemPrompt(WorkloadRequest request)
    {
        var (tenant, feature) = (Tenant(request.Tenant), Feature(request.Feature));
        var prompt = $"""
            You are the assistant of the support desk of {tenant.Shop}, a shop for household devices.
            {feature.Task}
            {tenant.Manner} Rely on the handbook of the desk and on nothing else. If it has no answer, say so and do not guess.
            Give no advice on opening a device, on health or on law. Promise no amounts of money and no dates that you were not told.
            Internal note, never for customers: {tenant.Confidential}.
            """;
        return feature.IsShared ? prompt : $"{prompt}\nCustomer: {CustomerIn(request)}";
    }
}
