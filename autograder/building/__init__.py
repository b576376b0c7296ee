"""From lesson sources to notebooks, solutions, student data and pages."""
