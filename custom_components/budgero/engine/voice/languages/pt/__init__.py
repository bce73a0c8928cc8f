"""Portuguese, European and Brazilian."""
