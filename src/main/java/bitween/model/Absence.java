package bitween.model;

/** Whether the user wants friends to see this device. */
public enum Absence {
    PRESENT,
    /** Friends do not see it; what goes over links that are there goes on. */
    AWAY,
    /** As {@link #AWAY}, and nobody gets anything from here. */
    SILENT
}
