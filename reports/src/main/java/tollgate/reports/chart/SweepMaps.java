package tollgate.reports.chart;

import com.google.auto.service.AutoService;

/** A study's sweeps over grids of two parameters, a figure for each workload. */
@AutoService(Chart.class)
public final class SweepMaps extends Sweeps {
    public SweepMaps() {
        super(/* isGrid */ true);
    }

    @Override
    public String name() {
        return "sweep-map";
    }

    @Override
    public String title() {
        return "Sweep over two parameters";
    }

    @Override
    public String about() {
        return "A figure over a grid of two swept parameters, as a heat map (studies only).";
    }

    @Override
    public int place() {
        return 61;
    }
}
