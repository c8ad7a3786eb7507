import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** A prepared statement. Its rows are what the schema says: the boundary where they get their type. */
export interface Query<Row> {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  /** Resolves to how many rows it changed. */
  run(...values: SQLInputValue[]): number;
}

export function prepare<Row = Record<string, never>>(db: DatabaseSync, sql: string): Query<Row> {
  const statement = db.prepare(sql);
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
    run: (...values) => Number(statement.run(...values).changes),
  };
}
