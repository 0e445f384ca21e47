"""What every slice stands on: exact decimals in the database, and the platform's clock."""
